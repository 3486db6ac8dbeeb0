use super::*;
use std::fs;

/// A results folder whose second arm has no value on the second axis.
fn results() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("a table");
    write(
        "cells.csv",
        "cell,arm,offspring,model.gaussian.variance,trials\n\
         c1,\"keep, all\",100,biased,0.5\nc2,b,2500,,inf\n",
    );
    write(
        "measurements.csv",
        "cell,arm,trial,generation,metric,value,standard_error\n\
         c1,\"keep, all\",0,1,spread,0.1,\nc2,b,0,1,kl,inf,1e-7\nc2,b,1,1,kl,,\n",
    );
    write("outcomes.csv", "cell,arm,trial,outcome,generation,cause\nc2,b,0,survived,,\n");
    write("summary.csv", "cell,arm,trials,alive,mark,rank\nc1,\"keep, all\",4,3,007,2\n");
    dir
}

fn exported(dir: &Path, table: &str, format: Format) -> Result<String, ExportError> {
    let mut bytes = Vec::new();
    to_writer(dir, table, format, &mut bytes)?;
    Ok(String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn each_row_carries_the_swept_values_of_its_cell() {
    let dir = results();
    let text = exported(dir.path(), "measurements", Format::Csv).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "cell,arm,offspring,model.gaussian.variance,trials,trial,generation,metric,value,\
         standard_error"
    );
    assert_eq!(lines[1], "c1,\"keep, all\",100,biased,0.5,0,1,spread,0.1,");
    assert_eq!(lines[2], "c2,b,2500,,inf,0,1,kl,inf,1e-7");
}

#[test]
fn json_lines_have_numbers_nulls_and_words_for_infinities() {
    let dir = results();
    let text = exported(dir.path(), "measurements", Format::Jsonl).unwrap();
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows[0]["offspring"], 100);
    assert_eq!(rows[0]["value"], 0.1);
    assert!(rows[0]["standard_error"].is_null() && rows[1]["model.gaussian.variance"].is_null());
    assert_eq!(rows[1]["value"], "inf");
    assert_eq!(rows[1]["standard_error"], 1e-7);
}

#[test]
fn a_swept_path_that_is_a_column_too_says_so_and_a_number_with_zeros_is_a_name() {
    let dir = results();
    let text = exported(dir.path(), "summary", Format::Jsonl).unwrap();
    let row: serde_json::Value = serde_json::from_str(text.trim()).expect("JSON");
    assert_eq!((&row["trials"], &row["sweep.trials"]), (&4.into(), &0.5.into()));
    assert_eq!((&row["mark"], &row["rank"]), (&"007".into(), &2.into()));
}

#[test]
fn a_file_appears_when_it_is_complete_and_leaves_no_trace_if_it_cannot_be() {
    let dir = results();
    let file = default_file(dir.path(), "measurements", Format::Jsonl);
    assert_eq!(to_file(dir.path(), "measurements", Format::Jsonl, &file).unwrap(), 3);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 3);
    let broken = "cell,arm,trial,generation,metric,value,standard_error\nc2,b,0,1,kl,many,\n";
    fs::write(dir.path().join("measurements.csv"), broken).unwrap();
    let before = fs::read_dir(dir.path()).unwrap().count();
    let error = to_file(dir.path(), "measurements", Format::Jsonl, &file).unwrap_err().to_string();
    assert!(error.contains("row 2: `many` is not a number, as `value` must be"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 3, "the former export stays");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), before);
}

#[test]
fn the_results_themselves_are_never_replaced() {
    let dir = results();
    for name in ["measurements.csv", "cells.csv"] {
        let file = dir.path().join(name);
        let refused = to_file(dir.path(), "measurements", Format::Csv, &file);
        assert!(matches!(refused, Err(ExportError::OverResults(_))), "{name}");
    }
    for table in TABLES {
        assert_ne!(
            default_file(dir.path(), table, Format::Csv),
            dir.path().join(table).with_extension("csv")
        );
    }
}

#[test]
fn what_is_not_there_is_named() {
    let dir = results();
    let refused = |dir: &Path, table| exported(dir, table, Format::Csv).unwrap_err().to_string();
    assert!(refused(&dir.path().join("nowhere"), "cells").contains("nowhere is not a results"));
    assert!(refused(dir.path(), "theory").contains("has no theory.csv"));
    fs::write(dir.path().join("cells.csv"), "cell,arm\nc1,b\n").unwrap();
    let message = refused(dir.path(), "outcomes");
    assert!(
        message.contains("row 2: cells.csv does not know the cell `c2` of arm `b`"),
        "{message}"
    );
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_the_remedy_is_named() {
    let dir = results();
    let error = exported(dir.path(), "cells", Format::Parquet).unwrap_err().to_string();
    assert!(error.contains("--features parquet"), "{error}");
}

/// A row of a Parquet file as JSON.
#[cfg(feature = "parquet")]
fn json(row: &::parquet::record::Row) -> serde_json::Value {
    use ::parquet::record::Field;
    let value = |field: &Field| match field {
        Field::Null => serde_json::Value::Null,
        Field::Str(text) => text.as_str().into(),
        Field::Long(number) => (*number).into(),
        Field::Double(number) => (*number).into(),
        other => panic!("{other:?} is of no type that is written"),
    };
    row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect()
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_reads_back_with_its_types_and_nulls() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    let dir = results();
    let file = default_file(dir.path(), "measurements", Format::Parquet);
    to_file(dir.path(), "measurements", Format::Parquet, &file).unwrap();
    let reader = SerializedFileReader::new(fs::File::open(&file).unwrap()).unwrap();
    let rows: Vec<serde_json::Value> =
        reader.get_row_iter(None).unwrap().map(|row| json(&row.unwrap())).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!((&rows[0]["arm"], &rows[0]["offspring"]), (&"keep, all".into(), &100.into()));
    assert_eq!((&rows[0]["value"], &rows[1]["standard_error"]), (&0.1.into(), &1e-7.into()));
    assert!(rows[2]["value"].is_null() && rows[1]["model.gaussian.variance"].is_null());
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let types: Vec<String> = columns.iter().map(|c| c.physical_type().to_string()).collect();
    assert_eq!(types[2..5], ["INT64", "BYTE_ARRAY", "DOUBLE"]);
}

#[cfg(feature = "parquet")]
#[test]
fn more_rows_than_a_group_holds_are_all_there() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    let dir = results();
    let mut text = String::from("cell,arm,trial,generation,metric,value,standard_error\n");
    (0..70_000).for_each(|trial| text += &format!("c2,b,{trial},1,kl,0.5,\n"));
    fs::write(dir.path().join("measurements.csv"), text).unwrap();
    let file = dir.path().join("m.parquet");
    assert_eq!(to_file(dir.path(), "measurements", Format::Parquet, &file).unwrap(), 70_000);
    let reader = SerializedFileReader::new(fs::File::open(&file).unwrap()).unwrap();
    assert_eq!(reader.num_row_groups(), 2);
    let last = json(&reader.get_row_iter(None).unwrap().last().unwrap().unwrap());
    assert_eq!(last["trial"], 69_999);
}
