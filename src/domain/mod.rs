//! The vocabulary: parsed types with private fields, and the rules of a letter's life.
//!
//! Nothing here does I/O or knows a framework. A value of one of these types is known to be good,
//! because the only way to make it is to parse it; time is always an argument.

mod address;
mod address_range;
mod ask;
mod audit;
mod bill;
mod boundary;
mod chamber;
mod civic;
mod clock;
mod consents;
mod counts;
mod district;
mod email;
mod forecast;
mod form;
mod found;
mod held;
mod letter;
mod line;
mod lon_lat;
mod pause;
mod position;
mod retry;
mod returned;
mod slug;
mod staff;
mod stand;
mod token;
mod us_state;
mod web_server;
mod zip;

pub use address::{PostalAddress, is_po_box};
pub use address_range::{AddressRange, Parity, Side, StreetName, StreetRecords};
pub use ask::{Ask, UnknownAsk};
pub use audit::{Actor, AuditEntry, Deed};
pub use bill::{BillNumbers, NoBill};
pub use boundary::{Boundary, Layer, OfficeMarks};
pub use chamber::{Chamber, UnknownChamber};
pub use civic::{DistrictName, Municipality, Person, PlaceName};
pub use clock::{Clock, Day, NotADay, TimeZone, Timestamp, UnknownTimeZone};
pub use consents::{Consent, Consents, first_name};
pub use counts::{Dimension, Ladder, LetterCounts, Metric};
pub use district::{DistrictKey, ordinal, plain_district_name};
pub use email::{EmailAddress, EmailError};
pub use forecast::Pace;
pub use form::{Applicant, Field, FieldError, FieldErrors, SignupForm};
pub use found::{Doubt, FoundBy};
pub use held::HeldBecause;
pub use letter::{ForbiddenMove, MessageKind, MessageState, UnknownWord};
pub use line::{LineError, PersonName, STORY_MAX_CHARS, Story, TownName, fold};
pub use lon_lat::LonLat;
pub use pause::{Pause, PauseKind, PauseScope};
pub use position::{Act, Position, UnknownAct};
pub use retry::RetrySchedule;
pub use returned::ReturnKind;
pub use slug::{Slug, SlugError};
pub use staff::{Role, UnknownRole};
pub use stand::{Stand, Standing};
pub use token::{Token, TokenHash};
pub use us_state::{UnknownState, UsState};
pub use web_server::may_be_asked;
pub use zip::{Zip, ZipError};
