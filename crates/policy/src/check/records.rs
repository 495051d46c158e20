//! To come.

use super::Found;
use crate::package::Package;

pub(super) fn check(_package: &mut Package, _found: &mut Found) {}
