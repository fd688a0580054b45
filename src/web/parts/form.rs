//! What is wrong with a form: said beside each field, and all together above them.

use std::borrow::Cow;

use actix_web::http::StatusCode;

/// One mistake.
#[derive(Clone)]
pub struct FormError {
    /// Id of the field, the same as its name: `email`, `office_upper`, `consent`.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do, as a sentence.
    pub text: Cow<'static, str>,
}

/// All mistakes of a form, in the order of its fields.
#[derive(Clone, Default)]
pub struct FormErrors(Vec<FormError>);

impl FormErrors {
    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) {
        self.0.push(FormError { field: field.into(), text: text.into() });
    }

    /// Adds a sentence to what is said of the field already.
    pub fn append(&mut self, field: impl Into<Cow<'static, str>>, text: String) {
        let field = field.into();
        match self.0.iter_mut().find(|error| error.field == field) {
            Some(known) => known.text = format!("{} {text}", known.text).into(),
            None => self.add(field, text),
        }
    }

    /// The one mistake of a form.
    pub fn one(field: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        let mut errors = Self::default();
        errors.add(field, text);
        errors
    }

    /// The value, or `None` with the sentence kept for its field: a form is read whole, so that every mistake is told at once.
    pub fn keep<T, E: Into<Cow<'static, str>>>(&mut self, field: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|text| self.add(field, text)).ok()
    }

    /// What is wrong with that field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| &*error.text)
    }

    /// 422 for a page that shows them, 200 when there are none.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        if self.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// So many mistakes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &FormError> {
        self.0.iter()
    }
}

impl From<crate::domain::FieldErrors> for FormErrors {
    fn from(errors: crate::domain::FieldErrors) -> Self {
        let error =
            |error: crate::domain::FieldError| FormError { field: error.field.as_str().into(), text: error.message.into() };
        Self(errors.into_iter().map(error).collect())
    }
}
