//! Who is this row? Exact matching by identity number, dated membership and household number, always explained.
//!
//! A row goes one way: the identity number as it stands in the file is read (`model::IdentityNumber`), becomes a pseudonym
//! (`PersonCipher`), is looked up among the members of the register on the day of the event (`Membership` in memory, `MembershipFile` on disk), and comes out
//! as a household with the reason for it, or as a reason why not (`Matcher`). Nothing is guessed: what should be looked at all the
//! same, such as a name that is somebody else's, comes out as a `Note` beside the household.
//!
//! Rows that come out unmatched by `NoIdentity`, `BadIdentity` or `NotInRegister` are where matching by name, day of birth
//! and place with probabilities will take over: it will stand in this crate beside `Matcher`, take `Unmatched` rows, and
//! give the same `Matched` with its own `Basis`.

mod cipher;
mod coded;
mod found;
mod matcher;
mod membership;
mod membership_file;
mod names;
mod near;
mod note;
mod outcome;
mod region_repair;
mod sorted_file;
mod spellings;
mod unmatched_reason;

pub use cipher::PersonCipher;
pub use coded::Coded;
pub use found::{Basis, Found, find};
pub use matcher::{Matcher, Sought};
pub use membership::{Member, Membership, Registered};
pub use membership_file::{MembershipFile, MembershipWriter};
pub use names::{NameBook, NameMark};
pub use near::slips_of;
pub use note::{Note, NoteKind};
pub use outcome::{Matched, Unmatched};
pub use region_repair::{NotAHistoryLine, RegionRepair};
pub use spellings::{NotASpelling, Spellings};
pub use unmatched_reason::UnmatchedReason;
