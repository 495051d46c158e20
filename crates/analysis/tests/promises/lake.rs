//! What enters the lake.

use crate::support::{COUNTIES, Folder, county, fill, package};
use lake::{DatasetSchema, Lake};

#[test]
fn no_personal_column_enters_the_lake() {
    let package = package();
    let folder = Folder::new();
    let lake = Lake::local(folder.path()).expect("the folder can be made");
    fill(&lake, &package, COUNTIES[0], &county(5, COUNTIES[0], 5));
    for (name, source) in &package.sources {
        for column in &DatasetSchema::of_source(name, source).columns {
            let declared = source.column.iter().find(|declared| declared.name == column.name).expect("declared");
            assert!(declared.enters_lake(), "{name}.{}", column.name);
        }
    }
}
