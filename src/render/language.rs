//! The part of Handlebars that letters and notices are written in, and its bounds.
//!
//! Handlebars' own reader goes as deep as a text nests and its renderer as far as loops multiply, so a text could end the
//! process or hold a core. This reader is handed each text first, keeps no tag on the stack, and lets through what is listed
//! here, every branch counted as if it were taken: what a supporter types can't choose a dearer one. It refuses what
//! Handlebars could read in another way (`{{{`, `{{{{raw}}}}`, `[`, a backslash in quotes), so that both see the same blocks.

use handlebars::template::{Parameter, Template, TemplateElement};

use super::accepting::TEXT_MAX_BYTES;
use super::fields::LISTS;

/// The most blocks around a place; each `{{else if}}` is one more.
const DEPTH_MAX: usize = 16;
/// The most `{{#each}}` around a place.
const LOOPS_MAX: usize = 2;
/// The most parentheses around a value.
const PARENTHESES_MAX: usize = 4;
/// The most tags of one text. Handlebars counts lines from the start of the text for each.
const TAGS_MAX: usize = 1_000;
/// The most bytes between two braces and the next two.
const TAG_MAX_BYTES: usize = 300;
/// The most bytes that a text may come to with all its loops, each tag counted as [`TAG_BYTES`].
const SIZE_MAX_BYTES: usize = 512 * 1024;
const TAG_BYTES: usize = 64;
/// Lists are counted as this long, unless it is known that they are longer.
const LIST: usize = 20;

const BLOCKS: [&str; 4] = ["if", "unless", "each", "with"];
/// What may be asked of values.
const QUESTIONS: [&str; 10] = ["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len"];
/// What Handlebars would take for an act, and nobody needs.
const OTHERS: [&str; 3] = ["lookup", "log", "raw"];

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A letter's subject, its text, or the frame of all letters.
    Letter {
        /// How many measures its campaign has.
        measures: usize,
    },
    /// A part of a notice; it may stand in the frame, by `{{#> frame}}`.
    Notice,
    /// That frame; it has a place for the notice, `{{> @partial-block}}`.
    NoticeFrame,
}

/// What is wrong with a text, and on which of its lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) cause: String,
}

/// Whether the text may be read by Handlebars and rendered.
pub(super) fn check(source: &str, part: Part) -> Result<(), Mistake> {
    if source.len() > TEXT_MAX_BYTES {
        let (has, most) = (source.len().div_ceil(1024), TEXT_MAX_BYTES / 1024);
        return Err(Mistake { line: 1, cause: format!("the text has {has} KB; the most is {most} KB. Shorten it") });
    }
    let mut reader = Reader { source, part, open: Vec::new(), tags: 0, size: 0, framed: false };
    reader.read().map_err(|(at, cause)| Mistake { line: line(source, at), cause })
}

/// Whether Handlebars read what [`check`] let through: the same kinds of tags, no deeper.
pub(super) fn is_plain(template: &Template, part: Part) -> bool {
    within(template, part, DEPTH_MAX + 1)
}

fn within(template: &Template, part: Part, depth: usize) -> bool {
    let inner = |inner: Option<&Template>| inner.is_none_or(|inner| depth > 0 && within(inner, part, depth - 1));
    template.elements.iter().all(|element| match element {
        TemplateElement::RawString(_) | TemplateElement::Comment(_) => true,
        TemplateElement::Expression(tag) => tag.hash.is_empty() && named(&tag.name, &[]).is_some(),
        TemplateElement::HelperBlock(block) => {
            let plain = block.hash.is_empty() && block.block_param.is_none() && named(&block.name, &BLOCKS).is_some();
            plain && inner(block.template.as_ref()) && inner(block.inverse.as_ref())
        }
        TemplateElement::PartialBlock(frame) => {
            part == Part::Notice && named(&frame.name, &["frame"]).is_some() && inner(frame.template.as_ref())
        }
        TemplateElement::PartialExpression(place) => {
            part == Part::NoticeFrame && named(&place.name, &["@partial-block"]).is_some()
        }
        _ => false,
    })
}

/// The name, where it is one of these; any name, where none are given.
fn named<'a>(name: &'a Parameter, of: &[&str]) -> Option<&'a str> {
    name.as_name().filter(|name| of.is_empty() || of.contains(name))
}

/// Where in the text, and what is wrong there.
type Wrong = (usize, String);

struct Open<'a> {
    word: &'a str,
    at: usize,
    /// One for the block, one for each `{{else if}}`.
    levels: usize,
    /// Its `{{else}}` has come.
    last: bool,
}

struct Reader<'a> {
    source: &'a str,
    part: Part,
    open: Vec<Open<'a>>,
    tags: usize,
    size: usize,
    /// The frame, or the place in it, has come.
    framed: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Wrong> {
        let source = self.source;
        let mut at = 0;
        while let Some(found) = source[at..].find("{{") {
            let start = at + found;
            self.grow(start - at, start)?;
            let inside = &source[start + 2..];
            if inside.starts_with('{') {
                return wrong(start, "three braces can't be used; write two");
            }
            let backslashes = source[at..start].bytes().rev().take_while(|byte| *byte == b'\\').count();
            at = match backslashes {
                0 => start + 2 + self.tag(start, inside)?,
                1 => start + 2,
                _ => return wrong(start, "write one backslash to show two braces, or none to use them"),
            };
        }
        self.grow(source.len() - at, source.len())?;
        match self.open.last() {
            None => Ok(()),
            Some(open) => wrong(open.at, format!("the block {} that is opened here is not closed", opening(open.word))),
        }
    }

    /// Reads the tag that begins at `start`, from behind its braces. Gives how many bytes it has, with the closing braces.
    fn tag(&mut self, start: usize, inside: &'a str) -> Result<usize, Wrong> {
        self.tags += 1;
        if self.tags > TAGS_MAX {
            return wrong(start, format!("there are more than {TAGS_MAX} pairs of braces. Shorten the text"));
        }
        self.grow(TAG_BYTES, start)?;
        if let Some(comment) = inside.strip_prefix('!') {
            let end = match comment.trim_start_matches(SPACE).strip_prefix("--") {
                Some(long) => long.find("--}}").map(|end| inside.len() - long.len() + end + 4),
                None => comment.find("}}").map(|end| 1 + end + 2),
            };
            return end.ok_or_else(|| (start, "a comment that begins here is not closed".to_owned()));
        }
        let body = body(inside).map_err(|cause| (start, cause))?;
        let trimmed = body.trim_matches(SPACE);
        let trimmed = trimmed.strip_prefix('~').unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix('~').unwrap_or(trimmed).trim_matches(SPACE);
        self.meaning(trimmed, start).map_err(|cause| (start, cause))?;
        let (depth, loops) = (self.open.iter().map(|open| open.levels).sum::<usize>(), self.loops());
        if depth > DEPTH_MAX {
            return wrong(start, format!("blocks stand {depth} deep here; the most is {DEPTH_MAX}. Each {{{{else if}}}} counts"));
        }
        if loops > LOOPS_MAX {
            return wrong(start, format!("{loops} loops stand in each other here; the most is {LOOPS_MAX}"));
        }
        Ok(body.len() + 2)
    }

    fn meaning(&mut self, body: &'a str, at: usize) -> Result<(), String> {
        let behind = |sign: char| body.strip_prefix(sign).map(|rest| rest.trim_start_matches(SPACE));
        if let Some(block) = behind('#') {
            if block.starts_with('*') {
                return Err("{{#*inline}} and other decorators can't be used".into());
            }
            if let Some(name) = block.strip_prefix('>') {
                self.framed(Part::Notice, name, "frame")?;
                self.open.push(Open { word: "frame", at, levels: 1, last: true });
                return Ok(());
            }
            let (word, tokens) = block_of(block, &BLOCKS)?;
            self.check_block(word, &tokens)?;
            self.open.push(Open { word, at, levels: 1, last: false });
            return Ok(());
        }
        if let Some(word) = behind('/') {
            return match self.open.pop() {
                Some(open) if open.word == word => Ok(()),
                Some(open) => {
                    let line = line(self.source, open.at);
                    Err(format!("{{{{/{}}}}} can't close the {} of line {line}", shown(word), opening(open.word)))
                }
                None => Err(format!("{{{{/{}}}}} closes a block that is not open", shown(word))),
            };
        }
        if let Some(name) = behind('>') {
            return self.framed(Part::NoticeFrame, name, "@partial-block");
        }
        if let Some(rest) = body.strip_prefix("else") {
            return self.check_else(rest);
        }
        let tokens = tokens(body)?;
        match tokens.as_slice() {
            [] => Err("there is nothing between the braces".into()),
            [Token::Word(word)] if is_act(word) => Err(format!("\"{word}\" is no name of a field")),
            [Token::Word(_)] => Ok(()),
            _ => question(&tokens, 0),
        }
    }

    fn check_block(&self, word: &str, tokens: &[Token<'a>]) -> Result<(), String> {
        match (word, tokens) {
            ("each", [Token::Word(list)]) => {
                let field = list.rsplit(['.', '/']).next().unwrap_or_default();
                let known = LISTS.contains(&field) || !matches!(self.part, Part::Letter { .. });
                if known {
                    Ok(())
                } else {
                    Err(format!("{} can't go over \"{list}\"; the lists are {}", opening(word), LISTS.join(", ")))
                }
            }
            ("if" | "unless" | "with", [Token::Word(_)]) => Ok(()),
            ("if" | "unless", [Token::Open, inner @ .., Token::Close]) => question(inner, 1),
            ("if" | "unless", _) => {
                Err(format!("{} asks one thing: a name, or a question in parentheses. {}", opening(word), known()))
            }
            _ => Err(format!("{} takes one name", opening(word))),
        }
    }

    fn check_else(&mut self, rest: &'a str) -> Result<(), String> {
        let inner = rest.trim_start_matches(SPACE);
        if !inner.is_empty() && inner.len() == rest.len() {
            return Err("a name can't begin with \"else\"; write a space behind it".into());
        }
        let Some(open) = self.open.last_mut() else { return Err("{{else}} stands in no block".into()) };
        if open.last {
            return Err(format!("{} has no place for another {{{{else}}}}", opening(open.word)));
        }
        if inner.is_empty() {
            open.last = true;
            return Ok(());
        }
        open.levels += 1;
        let (word, tokens) = block_of(inner, &["if", "unless"])?;
        self.check_block(word, &tokens)
    }

    /// The frame around a notice, or the notice's place in it: once, and in no block.
    fn framed(&mut self, part: Part, name: &str, wanted: &str) -> Result<(), String> {
        let fits = self.part == part && name.trim_matches(SPACE) == wanted;
        if !fits {
            return Err("{{>}} can't be used: a text holds no other".into());
        }
        if self.framed || !self.open.is_empty() {
            return Err(format!("{wanted} may stand once, and in no block"));
        }
        self.framed = true;
        Ok(())
    }

    fn loops(&self) -> usize {
        self.open.iter().filter(|open| open.word == "each").count()
    }

    /// Counts these bytes, as often as the loops around them can write them.
    fn grow(&mut self, by: usize, at: usize) -> Result<(), Wrong> {
        let list = match self.part {
            Part::Letter { measures } => measures.max(LIST),
            Part::Notice | Part::NoticeFrame => LIST,
        };
        let times = (0..self.loops()).fold(1_usize, |times, _| times.saturating_mul(list));
        self.size = self.size.saturating_add(by.saturating_mul(times));
        if self.size <= SIZE_MAX_BYTES {
            return Ok(());
        }
        wrong(at, format!("with all its loops the text could come to more than {} KB. Put less into them", SIZE_MAX_BYTES / 1024))
    }
}

/// What Handlebars skips between words.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

fn wrong<T>(at: usize, cause: impl Into<String>) -> Result<T, Wrong> {
    Err((at, cause.into()))
}

fn line(source: &str, at: usize) -> usize {
    source.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// What stands between the braces, up to the first two that close; in quotes and outside of them no other brace is allowed.
fn body(inside: &str) -> Result<&str, String> {
    let mut quote = None;
    for (at, c) in inside.char_indices().take_while(|(at, _)| *at <= TAG_MAX_BYTES) {
        match (quote, c) {
            (None, '}') if inside[at..].starts_with("}}") => return Ok(&inside[..at]),
            (_, '{' | '}') => {
                return Err(format!("\"{{{{{}\" is not closed. Check that every brace is doubled", shown(&inside[..at])));
            }
            (_, '\\') => return Err("a backslash can't stand between braces".into()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (Some(_), '\n') => break,
            _ => {}
        }
    }
    let start = inside.lines().next().unwrap_or_default();
    Err(format!("\"{{{{{}\" is not closed. Check that every brace is doubled and every quote is closed", shown(start)))
}

/// The beginning of a text, for a message.
fn shown(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}

fn opening(word: &str) -> String {
    if word == "frame" { "{{#> frame}}".into() } else { format!("{{{{#{word}}}}}") }
}

fn known() -> String {
    format!("What can be asked: {}", QUESTIONS.join(", "))
}

fn is_act(word: &str) -> bool {
    BLOCKS.contains(&word) || QUESTIONS.contains(&word) || OTHERS.contains(&word)
}

/// The block's word, one of `of`, and what follows it.
fn block_of<'a>(body: &'a str, of: &[&str]) -> Result<(&'a str, Vec<Token<'a>>), String> {
    let mut tokens = tokens(body)?;
    match tokens.first() {
        Some(Token::Word(word)) if of.contains(word) => {
            let word = *word;
            tokens.remove(0);
            Ok((word, tokens))
        }
        _ => Err(format!("\"{}\" is no block that can be used here; those are {}", shown(body), of.join(", "))),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Quoted,
    Open,
    Close,
}

fn tokens(body: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = body.trim_start_matches(SPACE);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => {
                tokens.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' | '\'' => {
                let end = rest[1..].find(first).ok_or("a quote is not closed")?;
                tokens.push(Token::Quoted);
                end + 2
            }
            _ => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_-./@".contains(c)).unwrap_or(rest.len());
                if end == 0 {
                    return Err(format!("\"{first}\" can't be used between braces"));
                }
                tokens.push(Token::Word(&rest[..end]));
                end
            }
        };
        rest = rest[length..].trim_start_matches(SPACE);
    }
    Ok(tokens)
}

/// `eq name "x"`, whose values may be questions in parentheses.
fn question(tokens: &[Token<'_>], depth: usize) -> Result<(), String> {
    let mut depth = depth;
    let mut values = vec![0_usize];
    let mut begins = true;
    for token in tokens {
        match token {
            Token::Word(word) if begins && QUESTIONS.contains(word) => begins = false,
            Token::Word(word) if begins => return Err(format!("\"{word}\" can't be used here. {}", known())),
            _ if begins => return Err(format!("a question must begin with its word. {}", known())),
            Token::Word(_) | Token::Quoted => values.last_mut().map_or((), |count| *count += 1),
            Token::Open => {
                depth += 1;
                if depth > PARENTHESES_MAX {
                    return Err(format!("parentheses stand {depth} deep; the most is {PARENTHESES_MAX}"));
                }
                values.push(0);
                begins = true;
            }
            Token::Close => {
                depth = depth.saturating_sub(1);
                let asked = values.pop().unwrap_or_default();
                match values.last_mut() {
                    Some(count) if asked > 0 => *count += 1,
                    _ => return Err("a parenthesis does not fit, or there is nothing in it".into()),
                }
            }
        }
    }
    match values.as_slice() {
        [asked] if *asked > 0 && !begins => Ok(()),
        [_] => Err(format!("a question asks about something. {}", known())),
        _ => Err("a parenthesis is not closed".into()),
    }
}

#[cfg(test)]
mod tests {
    use handlebars::Handlebars;
    use proptest::prelude::*;

    use super::*;

    const LETTER: Part = Part::Letter { measures: 3 };

    fn refused(text: &str) -> String {
        let Mistake { line, cause } = check(text, LETTER).expect_err(text);
        format!("{line}: {cause}")
    }

    #[test]
    fn what_letters_need_is_let_through() {
        for text in [
            "",
            "{{town}} {{~ official.name ~}} {{@index}} {{../name}} {{this.name}} {{ zip }}",
            "{{! a note }}{{!-- {{#if}} }} --}}{{!---}}--}}\\{{name}}",
            "{{#if (and signed (or asks_to_sign (eq stand 'for')))}}a{{else if (not story)}}b{{else}}c{{/if}}",
            "{{#each measures}}{{#unless @first}}{{#if @last}} and {{else}}, {{/if}}{{/unless}}{{name}}{{else}}none{{/each}}",
            "{{~#each ../thanks ~}}{{# with official}}{{name}}{{/with}}{{~/ each}}",
            "{{#each measures}}{{#each @root.asks}}{{len name}}{{/each}}{{/each}}",
        ] {
            assert_eq!(check(text, LETTER), Ok(()), "{text}");
            assert!(is_plain(&Template::compile(text).expect(text), LETTER), "{text}");
        }
        assert_eq!(check("{{#> frame}}{{#if one}}a{{/if}}{{/frame}}", Part::Notice), Ok(()));
        assert_eq!(check("<p>{{> @partial-block}}</p>", Part::NoticeFrame), Ok(()));
    }

    #[test]
    fn what_is_not_is_named_with_its_line_and_why() {
        for (text, said) in [
            ("a\n{{#*inline \"a\"}}{{/inline}}", "2: {{#*inline}} and other decorators"),
            ("{{* a}}", "1: \"*\" can't be used between braces"),
            ("\n\n{{> a}}", "3: {{>}} can't be used"),
            ("{{#> frame}}{{/frame}}", "1: {{>}} can't be used"),
            ("{{> @partial-block}}", "1: {{>}} can't be used"),
            ("{{{name}}}", "1: three braces"),
            ("{{{{raw}}}}{{{{/raw}}}}", "1: three braces"),
            ("\\{{{{raw}}}}", "1: three braces"),
            ("\\\\{{name}}", "1: write one backslash"),
            ("{{&name}}", "1: \"&\" can't be used"),
            ("{{^if name}}", "1: \"^\" can't be used"),
            ("{{log name}}", "1: \"log\" can't be used here. What can be asked: eq"),
            ("{{lookup measures 0}}", "1: \"lookup\" can't be used here"),
            ("{{log}}", "1: \"log\" is no name of a field"),
            ("{{[a]}}", "1: \"[\" can't be used"),
            ("{{#if a}}\n{{#each asks}}\n{{/if}}", "3: {{/if}} can't close the {{#each}} of line 2"),
            ("a\n{{#if a}}\n{{name}}", "2: the block {{#if}} that is opened here is not closed"),
            ("{{/if}}", "1: {{/if}} closes a block that is not open"),
            ("{{else}}", "1: {{else}} stands in no block"),
            ("{{#if a}}{{else}}{{else}}{{/if}}", "1: {{#if}} has no place for another {{else}}"),
            ("{{#if a}}{{else each asks}}{{/if}}", "1: \"each asks\" is no block"),
            ("{{#each name}}{{/each}}", "1: {{#each}} can't go over \"name\""),
            ("{{#each measures as |a|}}{{/each}}", "1: \"|\" can't be used"),
            ("{{#each (lookup a b)}}{{/each}}", "1: {{#each}} takes one name"),
            ("{{#if (eq name \"}}\")}}{{/if}}", "1: \"{{#if (eq name \"\" is not closed"),
            ("{{#if (eq (eq (eq (eq (eq a b) b) b) b) b)}}{{/if}}", "1: parentheses stand 5 deep"),
            ("{{#if (eq)}}{{/if}}", "1: a question asks about something"),
            ("{{#if includeZero=true}}{{/if}}", "1: \"=\" can't be used"),
            ("{{#elsewhere}}", "1: \"elsewhere\" is no block"),
            ("{{elsewhere}}", "1: a name can't begin with \"else\""),
            ("- {{name}\n", "1: \"{{name\" is not closed. Check that every brace is doubled"),
            ("{{name", "1: \"{{name\" is not closed"),
            ("{{! -- }} --", "1: a comment that begins here is not closed"),
            ("{{}}", "1: there is nothing between the braces"),
        ] {
            let refused = refused(text);
            assert!(refused.starts_with(said), "{text}: {refused}");
        }
    }

    #[test]
    fn each_bound_holds_at_its_edge() {
        let nested = |n: usize| format!("{}{}", "{{#if a}}".repeat(n), "{{/if}}".repeat(n));
        assert_eq!(check(&nested(DEPTH_MAX), LETTER), Ok(()));
        assert!(refused(&nested(DEPTH_MAX + 1)).contains("17 deep"));
        let chain = |n: usize| format!("{{{{#if a}}}}{}{{{{/if}}}}", "{{else if a}}".repeat(n));
        assert_eq!(check(&chain(DEPTH_MAX - 1), LETTER), Ok(()));
        assert!(refused(&chain(DEPTH_MAX)).contains("17 deep"));
        assert_eq!(check(&"{{a}}".repeat(TAGS_MAX), LETTER), Ok(()));
        assert!(refused(&"{{a}}".repeat(TAGS_MAX + 1)).contains("more than 1000 pairs"));
        assert!(refused(&"a".repeat(TEXT_MAX_BYTES + 1)).contains("the most is 200 KB"));
        let loops = |n: usize| format!("{}{}", "{{#each asks}}".repeat(n), "{{/each}}".repeat(n));
        assert_eq!(check(&loops(LOOPS_MAX), LETTER), Ok(()));
        assert!(refused(&loops(LOOPS_MAX + 1)).contains("3 loops"));
        assert!(check(&loops(1), Part::Letter { measures: 10_000 }).unwrap_err().cause.contains("with all its loops"));
    }

    fn piece() -> impl Strategy<Value = String> {
        const PIECES: &[&str] = &[
            "{{#if a}}",
            "{{~#if (eq a \"b\")~}}",
            "{{ #unless a }}",
            "{{/if}}",
            "{{/unless}}",
            "{{else}}",
            "{{else if a}}",
            "{{~else~}}",
            "{{#each measures}}",
            "{{#each ../asks}}",
            "{{/each}}",
            "{{#with a}}",
            "{{/with}}",
            "{{a}}",
            "{{~a~}}",
            "{{a.b}}",
            "{{len a}}",
            "{{!-- ",
            "--}}",
            "{{! -- ",
            "{{!",
            "{{!--}}",
            " -- }}",
            "\\{{",
            "\\\\",
            "\\",
            "{{{{raw}}}}",
            "{{{{/raw}}}}",
            "{{{a}}}",
            "{{",
            "}}",
            "{",
            "}",
            "(",
            ")",
            "(eq ",
            "(not a)",
            "[",
            "]",
            "\"",
            "'",
            "~",
            "#",
            "/",
            "^",
            "{{^}}",
            "{{^if a}}",
            "{{&a}}",
            "{{> a}}",
            "{{#> a}}",
            "{{#*inline \"a\"}}",
            "{{/inline}}",
            "{{* a}}",
            "as |a|",
            "a=",
            " ",
            "\n",
            "\r\n",
            "text",
            "é",
            "\u{2028}",
            "{{log a}}",
            "{{lookup a 0}}",
            "{{../../../a}}",
            "{{this}}",
            "{{.}}",
            "{{@root.a}}",
            "{{@first}}",
            "{{a/b}}",
            "{{a//b}}",
            "{{-1}}",
            "{{true}}",
        ];
        let times = prop_oneof![8 => Just(1_usize), 1 => 2..20_usize, 1 => Just(3_000)];
        (proptest::sample::select(PIECES), times).prop_map(|(piece, times)| piece.repeat(times))
    }

    /// Blocks that close, around pieces that mostly can be used.
    fn balanced() -> impl Strategy<Value = String> {
        const LEAVES: &[&str] = &[
            "{{a}}",
            "{{~a~}}",
            " x\n",
            "\\{{",
            "{{! -- {{/if}} --}}",
            "{{!{{#if a}}",
            "{{len a}}",
            "{{a.b}}",
            "\n{{@index}}\n",
        ];
        let leaf = proptest::sample::select(LEAVES).prop_map(str::to_owned);
        leaf.prop_recursive(24, 200, 4, |inner| {
            let heads = proptest::sample::select(&["if a", "unless (and a (not b))", "each measures", "with a"][..]);
            let chain = prop_oneof![Just(""), Just("{{else}}"), Just("{{else if a}}y{{~else if b}}")];
            (heads, chain, proptest::collection::vec(inner, 0..4)).prop_map(|(head, chain, inner)| {
                let word = head.split(' ').next().unwrap_or_default();
                format!("{{{{#{head}}}}}{}{chain}z\n{{{{/{word}}}}}", inner.concat())
            })
        })
    }

    /// What is let through, Handlebars reads without trouble and as the same blocks, and renders within the bound.
    fn holds(text: &str) {
        for part in [LETTER, Part::Notice, Part::NoticeFrame] {
            if check(text, part).is_err() {
                continue;
            }
            let Ok(template) = Template::compile(text) else { continue };
            assert!(is_plain(&template, part), "{text}");
            if part != LETTER {
                continue;
            }
            let mut registry = Handlebars::new();
            registry.register_template("t", template);
            let list = vec![serde_json::json!({"a": "aaaaaaaaaa"}); 20];
            let data = serde_json::json!({"a": {"b": "bbbbbbbbbb"}, "measures": list, "asks": list});
            if let Ok(rendered) = registry.render("t", &data) {
                assert!(rendered.len() <= SIZE_MAX_BYTES, "{} bytes of {text}", rendered.len());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn whatever_is_typed_is_judged_and_what_passes_is_harmless(pieces in proptest::collection::vec(piece(), 0..12)) {
            holds(&pieces.concat());
        }

        #[test]
        fn whatever_nests_is_judged_and_what_passes_is_harmless(text in balanced()) {
            holds(&text);
        }

        #[test]
        fn any_text_is_judged(text in "(\\PC|[{}#/~()\"\n]){0,80}") {
            holds(&text);
        }
    }
}
