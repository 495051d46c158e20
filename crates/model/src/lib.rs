//! The words that every room shares: money, days, places, people, values, faults and leads.
//!
//! Nothing here touches a file, the network or a clock; today is an argument.

mod actor;
mod area_codes;
mod clock;
mod county;
mod day;
mod fault;
mod fen;
mod hex;
mod identity;
mod kind;
mod lead;
mod period;
mod record;
mod region;
mod resident;
mod row;
mod value;
pub mod written;

pub use actor::Actor;
pub use area_codes::{AreaCodes, NotAnAreaLine};
pub use clock::{Moment, day_at, moment_at, time_at};
pub use county::CountyCode;
pub use day::{Day, NotADay};
pub use fault::{Fault, FaultKind, Place, Reading};
pub use fen::Fen;
pub use hex::{from_hex, to_hex};
pub use identity::{Disability, IdentityFault, IdentityNumber, Sex};
pub use kind::{Class, Kind, Type};
pub use lead::{Evidence, Flag, Lead, ParameterUsed, QualityFinding, Reason, RuleRun, Severity};
pub use period::{NotAPeriod, Period, PeriodKind};
pub use record::{NotARecordId, RecordId, Version};
pub use region::{Level, NotARegion, RegionCode};
pub use resident::{HouseholdNo, ResidentKey, mask_identity, mask_name, mask_phone};
pub use row::{LakeRow, Row};
pub use value::Value;

/// Whole and fractional decimals without floating point; rates and shares are of this type.
pub use rust_decimal::Decimal;
