//! What is not in the language, and what to write instead.

use sqlparser::ast::{BinaryOperator, Expr as Sql, UnaryOperator};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};
use words::{Advice, Wording, advice, wording};

/// Deepest nesting of `case`: the SQL parser tries each level twice.
const CASES_MAX: usize = 4;

/// An expression that is too long or too deep.
pub(super) fn too_much(what: Wording) -> Advice {
    Advice { what, hint: wording!("split_expression") }
}

/// The first token that the language leaves out, and what to write instead: refused before the parser sees it, because it reads
/// nested words of this kind again and again.
pub(super) fn tokens(tokens: &[TokenWithSpan]) -> Option<(&TokenWithSpan, Advice)> {
    let mut cases = 0_usize;
    for token in tokens {
        let advice = match &token.token {
            Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)) => {
                advice!("unsupported_comment")
            }
            Token::LBracket | Token::LBrace => advice!("unsupported_brackets"),
            Token::Word(word) if word.quote_style.is_none() => match word.keyword {
                Keyword::CASE => {
                    cases += 1;
                    if cases <= CASES_MAX {
                        continue;
                    }
                    too_much(wording!("cases_too_deep"))
                }
                Keyword::END => {
                    cases = cases.saturating_sub(1);
                    continue;
                }
                Keyword::SELECT | Keyword::EXISTS | Keyword::WITH => advice!("unsupported_subquery"),
                Keyword::CAST | Keyword::TRY_CAST | Keyword::SAFE_CAST | Keyword::CONVERT | Keyword::TRY_CONVERT => {
                    advice!("unsupported_cast")
                }
                Keyword::INTERVAL => advice!("unsupported_interval"),
                Keyword::EXTRACT => advice!("unsupported_extract"),
                Keyword::ARRAY | Keyword::STRUCT | Keyword::MAP => advice!("unsupported_array"),
                _ => continue,
            },
            _ => continue,
        };
        return Some((token, advice));
    }
    None
}

/// A form of SQL that the language leaves out.
pub(super) fn unsupported(sql: &Sql) -> Advice {
    match sql {
        Sql::InSubquery { .. } | Sql::Exists { .. } | Sql::Subquery(_) | Sql::AnyOp { .. } | Sql::AllOp { .. } => {
            advice!("unsupported_subquery")
        }
        Sql::Like { .. } | Sql::ILike { .. } | Sql::SimilarTo { .. } | Sql::RLike { .. } => {
            advice!("unsupported_like")
        }
        Sql::Cast { .. } | Sql::Convert { .. } => advice!("unsupported_cast"),
        Sql::IsTrue(_) | Sql::IsNotFalse(_) | Sql::IsFalse(_) | Sql::IsNotTrue(_) => advice!("unsupported_is_true"),
        Sql::IsUnknown(_) | Sql::IsNotUnknown(_) => advice!("unsupported_is_unknown"),
        Sql::IsDistinctFrom(..) | Sql::IsNotDistinctFrom(..) => advice!("unsupported_is_distinct"),
        Sql::Extract { .. } => advice!("unsupported_extract"),
        Sql::Ceil { .. } | Sql::Floor { .. } => advice!("unsupported_floor"),
        Sql::Interval(_) => advice!("unsupported_interval"),
        Sql::Substring { .. } | Sql::Trim { .. } | Sql::Position { .. } | Sql::Overlay { .. } | Sql::Collate { .. } => {
            advice!("unsupported_text_function")
        }
        Sql::Array(_) | Sql::Tuple(_) | Sql::Struct { .. } | Sql::Map(_) | Sql::Dictionary(_) => {
            advice!("unsupported_array")
        }
        Sql::Wildcard(_) | Sql::QualifiedWildcard(..) => advice!("unsupported_wildcard"),
        Sql::AtTimeZone { .. } => advice!("unsupported_time_zone"),
        _ => advice!("unsupported_form"),
    }
}

/// An operator that the language leaves out.
pub(super) fn operator(operator: &BinaryOperator) -> Advice {
    let hint = match operator {
        BinaryOperator::Divide => wording!("instead_of_division"),
        BinaryOperator::Modulo => wording!("instead_of_remainder"),
        BinaryOperator::StringConcat => wording!("instead_of_concatenation"),
        _ => wording!("instead_of_operator"),
    };
    Advice { what: wording!("unsupported_operator", operator), hint }
}

/// A sign before a value that the language leaves out.
pub(super) fn sign(sign: &UnaryOperator) -> Advice {
    advice!("unsupported_sign", sign)
}
