//! Pages: HTML with everything escaped that a page names.

use handlebars::Handlebars;
use serde::Serialize;

use super::{TemplateError, context, html_registry, register, render};

/// All page templates, compiled.
#[derive(Debug)]
pub struct Pages {
    registry: Handlebars<'static>,
}

impl Pages {
    /// Reads templates given as (name, source); each may use any other as a partial.
    ///
    /// # Errors
    /// Every template that can't be read.
    pub fn load<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<TemplateError>> {
        let mut registry = html_registry();
        // An indented partial would indent every line of a letter that it shows.
        registry.set_prevent_indent(true);
        let register_one = |(name, source): (&str, &str)| register(&mut registry, name, &format!("{name}.hbs"), source, 1).err();
        let errors: Vec<_> = templates.into_iter().filter_map(register_one).collect();
        if errors.is_empty() { Ok(Self { registry }) } else { Err(errors) }
    }

    /// The page `name`, showing `view`.
    pub fn render<T: Serialize>(&self, name: &str, view: &T) -> Result<String, TemplateError> {
        let file = format!("{name}.hbs");
        render(&self.registry, name, &file, 1, &context(&file, view)?, usize::MAX)
    }
}
