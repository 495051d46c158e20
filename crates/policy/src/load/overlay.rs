//! Overlays: a folder whose parameter values are laid over the package's, e.g. a county's.

use super::reader::PackageReader;
use crate::declare::ParameterValue;
use crate::package::{Package, Thing};
use crate::text::FileText;
use serde::Deserialize;
use std::path::Path;
use words::advice;

/// `parameters/<name>.toml` of an overlay: values, and nothing else that counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overlaid {
    value: Vec<ParameterValue>,
    #[serde(default, rename = "label")]
    _label: Option<String>,
    #[serde(default, rename = "label_en")]
    _label_en: Option<String>,
    #[serde(default, rename = "article")]
    _article: Option<Vec<u8>>,
    #[serde(default)]
    unit: Option<crate::declare::ParameterUnit>,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

/// Lays the parameters of the folder over the package's. A value takes the place of the one with the same `from`,
/// `published` and place; others are added.
pub(crate) fn lay(package: &mut Package, reader: &mut PackageReader, folder: &Path) {
    for path in reader.toml_files(&folder.join("parameters"), true) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let Some(file) = reader.text(&path, 1 << 20) else { continue };
        let Some(overlaid) = reader.declaration::<Overlaid>(&file) else { continue };
        let Some(parameter) = package.parameters.get_mut(&name) else {
            if !reader.texts.contains_key(&(Thing::Parameter, name.clone())) {
                reader.problems.push(file.problem(
                    "",
                    advice!(
                        "package_overlay_of_nothing",
                        name,
                        near = crate::expression::nearest(&name, package.parameters.keys(), "")
                    ),
                ));
            }
            continue;
        };
        if overlaid.unit.is_some_and(|unit| unit != parameter.unit) {
            reader.problems.push(file.problem("unit", advice!("package_overlay_unit")));
        }
        let region = package.head.region;
        let (unit, mut formulas) = (parameter.unit, Vec::new());
        for (at, value) in overlaid.value.into_iter().enumerate() {
            for problem in crate::check::parameters::shape(&file, &format!("value.{at}"), &value, unit, true) {
                reader.problems.push(problem);
            }
            if value.formula.is_some() {
                formulas.push(file.problem(&format!("value.{at}.formula"), advice!("package_overlay_formula")));
            }
            let same = |known: &ParameterValue| {
                known.from == value.from
                    && known.published.unwrap_or(known.from) == value.published.unwrap_or(value.from)
                    && known.region.unwrap_or(region) == value.region.unwrap_or(region)
            };
            match parameter.value.iter_mut().find(|known| same(known)) {
                Some(known) => *known = value,
                None => parameter.value.push(value),
            }
        }
        formulas.into_iter().for_each(|problem| reader.problems.push(problem));
        append_text(reader, &name, &file);
    }
}

/// The parameter's text is that of all files that say its values.
fn append_text(reader: &mut PackageReader, name: &str, file: &FileText) {
    let key = (Thing::Parameter, name.to_owned());
    reader.overlaid.entry(key).or_default().push_str(&file.text);
}
