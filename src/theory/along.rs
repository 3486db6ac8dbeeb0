//! A closed form over an axis: arguments that are words stand for the generation, or for what a cell sweeps.
//!
//! `{ poisson-survival = { n = 10, rate = "world.poisson.rate", generation = "generation" } }`.

use serde::Deserialize;

use super::Form;

/// The words among the arguments of a form.
pub fn words(form: &toml::Table) -> Vec<&str> {
    let arguments = form.values().filter_map(toml::Value::as_table);
    arguments.flat_map(toml::Table::values).filter_map(toml::Value::as_str).collect()
}

/// The value of a form in which words stand for numbers; an error where one is not known, or where the form does
/// not take them.
pub fn value(form: &toml::Table, known: impl Fn(&str) -> Option<f64>) -> Result<f64, String> {
    let mut form = form.clone();
    let arguments = form.iter_mut().filter_map(|(_, value)| value.as_table_mut());
    for argument in arguments.flat_map(|table| table.iter_mut().map(|(_, value)| value)) {
        let Some(word) = argument.as_str() else { continue };
        let number = known(word).ok_or_else(|| format!("`{word}` is no number here"))?;
        let is_whole = number.fract() == 0.0 && number.abs() < 2f64.powi(53);
        *argument = match is_whole {
            true => toml::Value::Integer(number as i64),
            false => toml::Value::Float(number),
        };
    }
    let form =
        Form::deserialize(toml::Value::Table(form)).map_err(|error| error.message().to_owned())?;
    form.value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::survival;

    fn form(text: &str) -> toml::Table {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn words_become_the_numbers_that_they_stand_for() {
        let form = form(
            "poisson-survival = { n = 10, rate = 'world.poisson.rate', generation = 'generation' }",
        );
        assert_eq!(words(&form), ["world.poisson.rate", "generation"]);
        let known = |word: &str| match word {
            "generation" => Some(20.0),
            "world.poisson.rate" => Some(0.5),
            _ => None,
        };
        assert_eq!(value(&form, known), Ok(survival::poisson(10, 0.5, 20)));
        assert!(value(&form, |_| None).unwrap_err().contains("`world.poisson.rate`"));
    }

    #[test]
    fn a_form_refuses_what_it_does_not_take() {
        let no_count = form("fixation-time = { n = 'founders', types = 10 }");
        assert!(value(&no_count, |_| Some(2.5)).is_err());
        assert!(
            value(&form("no-such-form = { n = 1 }"), |_| None)
                .unwrap_err()
                .contains("no-such-form")
        );
        assert!(
            value(&form("poisson-survival = { n = 10 }"), |_| None).unwrap_err().contains("rate")
        );
    }
}
