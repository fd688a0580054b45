//! Who is written to: offices and their holders ([`offices`]), when terms begin and end ([`terms`]), and where officials
//! stand: as imported ([`positions`]), and as staff list and tell it ([`evidence`]).

pub mod evidence;
pub mod offices;
pub mod positions;
pub mod terms;
