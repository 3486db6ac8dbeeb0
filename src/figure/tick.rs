//! Ticks at numbers that people count in, written without noise.

/// A mark on an axis: its value and, unless it is a minor one, its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub value: f64,
    pub text: String,
}

impl Tick {
    pub fn at(value: f64) -> Self {
        Self { value, text: short(value) }
    }
}

/// A number in at most three digits, or as many as a whole number below 100 000 has.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    let text = if value.is_infinite() {
        (if value > 0.0 { "∞" } else { "-∞" }).to_owned()
    } else if size < 1e5 && value.fract() == 0.0 {
        format!("{value}")
    } else if (1e-3..1e5).contains(&size) {
        let digits = (2 - size.log10().floor() as i32).clamp(0, 5) as usize;
        let text = format!("{value:.digits$}");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').into()
        } else {
            text
        }
    } else {
        let text = format!("{value:.1e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let power = power_of_ten(exponent.parse().unwrap_or(0));
        match digits.trim_end_matches('0').trim_end_matches('.') {
            "1" => power,
            digits => format!("{digits}·{power}"),
        }
    };
    if text == "-0" { "0".to_owned() } else { text.replace('-', "−") }
}

/// Multiples of 1, 2 or 5 times a power of ten, eight steps at most.
pub(super) fn nice(low: f64, high: f64) -> Vec<Tick> {
    let rough = (high - low) / 8.0;
    let power = rough.log10().floor();
    let unit = 10f64.powf(power);
    let step = [1.0, 2.0, 5.0].map(|digit| digit * unit);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * unit);
    let exponent = step.log10().floor() as i32;
    // A rim that is a tick but for its rounding is one.
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    // Multiplying whole numbers, rather than adding steps, keeps 1e-17 out of zero.
    let multiples =
        (0..=(last - first).clamp(0.0, 20.0) as i32).map(|index| first + f64::from(index));
    let size = low.abs().max(high.abs());
    multiples.map(|multiple| tick(multiple * step, exponent, size)).collect()
}

fn tick(value: f64, step_exponent: i32, size: f64) -> Tick {
    let text = if value == 0.0 {
        "0".to_owned()
    } else if (1e-4..1e5).contains(&size) {
        format!("{value:.*}", (-step_exponent).clamp(0, 12) as usize)
    } else {
        let exponent = size.log10().floor() as i32;
        let digits = (exponent - step_exponent).clamp(0, 12) as usize;
        format!("{:.digits$}·{}", value / 10f64.powi(exponent), power_of_ten(exponent))
    };
    Tick { value, text: text.replace('-', "−") }
}

/// Generations are whole: ticks at multiples of a whole step, from 0.
pub(super) fn integers(last: u32) -> Vec<Tick> {
    let steps = [1, 2, 5, 10, 20, 25, 50, 100];
    let step = steps.into_iter().find(|step| last / step <= 10).unwrap_or(100);
    let values = (0..=last).step_by(step as usize);
    values.map(|value| Tick { value: f64::from(value), text: value.to_string() }).collect()
}

/// Powers of ten between two decimal logarithms; where they are few, 2 and 5 times them too.
pub(super) fn decades(low: f64, high: f64) -> Vec<Tick> {
    let (first, last) = (low.ceil() as i32, high.floor() as i32);
    let stride = [1, 2, 3, 5, 10, 20, 50, 100, 200];
    let stride = stride.into_iter().find(|stride| (last - first) / stride <= 8).unwrap_or(500);
    let is_plain = first >= -3 && last <= 4;
    let digits: &[f64] = if last - first <= 3 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let mut ticks = Vec::new();
    for exponent in (first - 1..=last).filter(|exponent| exponent % stride == 0) {
        for &digit in digits {
            let value = digit * 10f64.powi(exponent);
            if (low..=high).contains(&value.log10()) {
                let text = match (is_plain, digit == 1.0) {
                    (true, _) => format!("{value:.*}", (-exponent).max(0) as usize),
                    (false, true) => power_of_ten(exponent),
                    (false, false) => String::new(),
                };
                ticks.push(Tick { value, text });
            }
        }
    }
    ticks
}

fn power_of_ten(exponent: i32) -> String {
    if exponent == 0 {
        return "1".to_owned();
    }
    let superscript = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit.to_digit(10).unwrap_or(0)).unwrap_or('⁰'),
    };
    format!("10{}", exponent.to_string().chars().map(superscript).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_free_of_noise() {
        assert_eq!(texts(&nice(0.0, 1.04)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"].map(zero));
        assert_eq!(texts(&nice(-0.3, 0.31))[..3], ["−0.3", "−0.2", "−0.1"]);
        assert_eq!(texts(&nice(0.0, 3.1e7))[1], "0.5·10⁷");
        assert_eq!(texts(&nice(0.0, 6.2e-7))[1], "1·10⁻⁷");
    }

    fn zero(text: &'static str) -> &'static str {
        if text == "0.0" { "0" } else { text }
    }

    #[test]
    fn a_short_number_has_three_digits() {
        let numbers = [0.0, -0.0, 1.0, 0.5, 0.123456, -2.5, 1234.0, 12345.6, 1e-3, 2.5e-7, 1e9];
        let texts = numbers.map(short);
        let expected =
            ["0", "0", "1", "0.5", "0.123", "−2.5", "1234", "12346", "0.001", "2.5·10⁻⁷", "10⁹"];
        assert_eq!(texts, expected);
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY].map(short), ["∞", "−∞"]);
    }

    #[test]
    fn decades_are_plain_numbers_where_short_and_powers_elsewhere() {
        assert_eq!(texts(&decades(-2.1, 0.1)), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(texts(&decades(-12.0, 0.0))[..2], ["10⁻¹²", "10⁻¹⁰"]);
        assert_eq!(texts(&decades(0.0, 3.0))[3..5], ["10", "20"]);
    }

    #[test]
    fn generations_have_whole_ticks() {
        assert_eq!(texts(&integers(1)), ["0", "1"]);
        assert_eq!(texts(&integers(30)), ["0", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(integers(200).last().map(|tick| tick.value), Some(200.0));
    }
}
