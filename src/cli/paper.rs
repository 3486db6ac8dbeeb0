//! Tables for papers: Markdown, and a LaTeX `tabular` with the rules of booktabs.

pub fn markdown(header: &[String], rows: &[Vec<String>]) -> String {
    let escape = |cell: &String| cell.replace('|', "\\|");
    let line = |cells: &[String]| {
        format!("| {} |", cells.iter().map(escape).collect::<Vec<_>>().join(" | "))
    };
    let rule = format!("|{}", "---|".repeat(header.len()));
    let body = rows.iter().map(|row| line(row));
    [line(header), rule].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

pub fn latex(header: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
        format!("{} \\\\", cells.join(" & "))
    };
    let mut text = vec![
        format!("\\begin{{tabular}}{{{}}}", "l".repeat(header.len())),
        "\\toprule".into(),
        line(header),
        "\\midrule".into(),
    ];
    text.extend(rows.iter().map(|row| line(row)));
    text.extend(["\\bottomrule".to_owned(), "\\end{tabular}".to_owned()]);
    text.join("\n")
}

/// Text that LaTeX prints as it is; numbers get a minus sign.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = ' ';
    for (place, c) in text.char_indices() {
        let next = text[place + c.len_utf8()..].chars().next().unwrap_or(' ');
        let starts = !before.is_alphanumeric();
        match c {
            '\\' => escaped += "\\textbackslash{}",
            '~' => escaped += "\\textasciitilde{}",
            '^' => escaped += "\\textasciicircum{}",
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '-' if starts && (next.is_ascii_digit() || next == 'i') => escaped += "$-$",
            // A bracket after a line's end would be taken for its argument.
            '[' => escaped += "{[}",
            ']' => escaped += "{]}",
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_numbers_are_printed_as_they_are() {
        assert_eq!(escape("tail_mass(q=5%)"), "tail\\_mass(q=5\\%)");
        assert_eq!(escape("[-0.5, -inf]"), "{[}$-$0.5, $-$inf{]}");
        assert_eq!(escape("retain-10"), "retain-10");
    }
}
