//! What a table is read as, and what each broken one is answered with.

use super::*;
use crate::samples::Samples;

/// The table that TOML and CSV say, in a folder of its own.
fn read(toml: &str, csv: &[u8]) -> Result<Points, WorldError> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("data.csv"), csv).expect("a file");
    let table: Table = toml::from_str(&format!("path = \"data.csv\"\n{toml}")).expect("legal");
    let shape = table.shape(folder.path());
    let open = table.open(folder.path());
    let points = table.points(folder.path())?;
    assert_eq!(shape.expect("a shape"), points.shape());
    assert_eq!(open.ok().and_then(|world| world.stock().cloned()), Some(points.clone()));
    Ok(points)
}

fn fails(toml: &str, csv: &[u8]) -> WorldError {
    let error = read(toml, csv).expect_err("broken");
    assert!(
        !error.help.is_empty() && error.reason.contains("data.csv") || error.key == Some("columns")
    );
    error
}

const PLAIN: &[u8] = b"a,b,c\n1,2,3\n4,5,6\n";

#[test]
fn all_columns_are_coordinates_unless_some_are_named() {
    assert_eq!(read("", PLAIN).expect("legal").as_slice(), [1., 2., 3., 4., 5., 6.]);
    let some = read("columns = [\"c\", \"a\"]", PLAIN).expect("legal");
    assert_eq!(some.as_slice(), [3., 1., 6., 4.]);
}

#[test]
fn a_label_is_no_coordinate_unless_it_is_named_as_one() {
    let points = read("label = \"b\"", PLAIN).expect("legal");
    assert_eq!(points.as_slice(), [1., 3., 4., 6.]);
    assert_eq!(points.labels().map(|l| l.to_vec()), Some(vec![2., 5.]));
}

#[test]
fn marks_spaces_quotes_and_empty_lines_do_no_harm() {
    let csv = "\u{feff}a, b\r\n\r\n 1 ,\"2\"\r\n-3e1,+.5\r\n\r\n".as_bytes();
    assert_eq!(
        read("columns = [\"a\", \"b\"]", csv).expect("legal").as_slice(),
        [1., 2., -30., 0.5]
    );
}

#[test]
fn standardised_columns_have_mean_zero_and_variance_one_with_divisor_n() {
    let csv = b"a,b,c\n1,7,1e308\n2,7,-1e308\n6,7,0\n";
    let points = read("standardise = true", csv).expect("legal");
    assert!(points.is_finite());
    for (column, variance) in [(0, 1.0), (1, 0.0), (2, 1.0)] {
        let cells: Vec<f64> = points.rows().map(|x| x[column]).collect();
        assert!(cells.iter().sum::<f64>().abs() < 1e-12);
        assert!((cells.iter().map(|x| x * x).sum::<f64>() / 3.0 - variance).abs() < 1e-12);
    }
}

#[test]
fn a_constant_column_that_rounds_badly_still_becomes_zero() {
    let points = read("standardise = true", b"a\n0.1\n0.1\n0.1\n").expect("legal");
    assert_eq!(points.as_slice(), [0.0; 3]);
}

#[test]
fn a_text_cell_is_named_with_its_line_and_column() {
    let error = fails("", b"a,kind\n1,2\n3,red\n");
    assert!(error.reason.ends_with("data.csv: line 3, column 2 (`kind`): `red` is not a number"));
    assert_eq!(error.key, Some("path"));
    assert!(error.help.contains("columns = ["));
    let chosen = read("columns = [\"a\"]", b"a,kind\n1,2\n3,red\n").expect("only a is used");
    assert_eq!(chosen.as_slice(), [1., 3.]);
}

#[test]
fn cells_that_are_empty_or_not_finite_are_no_numbers() {
    let message = |csv: &[u8]| fails("", csv).reason;
    assert!(message(b"a,b\n1,\n").ends_with("line 2, column 2 (`b`): the cell is empty"));
    assert!(
        message(b"a,b\nNaN,1\n").ends_with("line 2, column 1 (`a`): `NaN` is not a finite number")
    );
    assert!(
        message(b"a\n1\n-inf\n").ends_with("line 3, column 1 (`a`): `-inf` is not a finite number")
    );
    assert!(message(b"a\n1e999\n").contains("`1e999` is not a finite number"));
}

#[test]
fn line_numbers_count_what_an_editor_counts() {
    let line = |csv: &[u8]| {
        let reason = fails("", csv).reason;
        let text = reason.split("line ").nth(1).and_then(|rest| rest.split(',').next());
        text.and_then(|text| text.parse::<usize>().ok())
    };
    assert_eq!(line(b"a\r\n1\r\n2\r\nx\r\n"), Some(4));
    assert_eq!(line(b"a\n\n\n1\n\nx\n"), Some(6));
    assert_eq!(line(b"\n\na\n1\nx\n"), Some(5));
    assert_eq!(line(b"a,b\n1,\"2\"\n\"\n3\",x\n"), Some(3));
    assert_eq!(line("\u{feff}a\nx\n".as_bytes()), Some(2));
}

#[test]
fn a_ragged_row_says_how_many_cells_it_has() {
    let error = fails("", b"a,b\r\n1,2\r\n\r\n3\r\n");
    assert!(error.reason.ends_with("data.csv: line 4 has 1 cells, and the header has 2"));
}

#[test]
fn a_table_without_header_rows_or_text_is_refused() {
    assert!(fails("", b"").reason.ends_with("it is empty"));
    assert!(fails("", b"a,b\n").reason.ends_with("nothing below it"));
    assert!(
        fails("", b"1,2\n3,4\n").reason.ends_with("line 1 holds numbers instead of names: 1,2")
    );
    let reason = fails("", b"a\n\xff1\n").reason;
    assert!(reason.ends_with("line 2, column 1 (`a`): `\u{fffd}1` is not a number"), "{reason}");
}

#[test]
fn unknown_repeated_and_missing_columns_name_what_there_is() {
    let error = fails("columns = [\"a\", \"z\"]", PLAIN);
    assert!(error.reason.ends_with("has no column `z`") && error.help.ends_with("a, b, c"));
    assert_eq!(error.key, Some("columns"));
    assert_eq!(fails("label = \"z\"", PLAIN).key, Some("label"));
    assert!(fails("columns = [\"a\", \"a\"]", PLAIN).reason.contains("`a` twice"));
}

#[test]
fn a_table_of_labels_alone_has_no_column_to_use() {
    let error = fails("label = \"a\"", b"a\n1\n");
    assert!(error.reason.contains("no numeric column"));
    assert_eq!(fails("columns = []", PLAIN).key, Some("columns"));
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |path: &str| {
        let table: Table = toml::from_str(&format!("path = \"{path}\"")).expect("legal");
        table.open(folder.path()).err().expect("broken")
    };
    assert!(open("no.csv").reason.ends_with("no.csv cannot be read: there is no such file"));
    assert!(open(".").reason.ends_with("cannot be read: it is a folder"));
    assert_eq!(open("no.csv").key, Some("path"));
    assert!(toml::from_str::<Table>("").is_err_and(|e| e.to_string().contains("`path`")));
}

#[test]
fn the_file_is_part_of_what_the_world_is() {
    let table: Table = toml::from_str("path = \"x.csv\"\nreuse = true").expect("legal");
    assert_eq!(table.files(Path::new("lab")), [Path::new("lab").join("x.csv")]);
    assert!(table.reuse());
}
