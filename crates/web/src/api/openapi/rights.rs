//! What an account may with a register, as far as its token's scopes go.

use policy::declare::Register;
use store::{Bearer, Scope, View};

/// What the account may with a register, as far as the token's scopes go.
pub struct TokenRights {
    pub register: String,
    pub reads: bool,
    pub enters: bool,
    pub unmasks: bool,
    pub steps: Vec<String>,
}

impl TokenRights {
    /// What the token and its account may do with the register `name`.
    pub fn of(register: String, declared: &Register, view: &View, bearer: &Bearer) -> TokenRights {
        let writes = bearer.may(&Scope::Write(register.clone()));
        let takes = bearer.may(&Scope::Step(register.clone()));
        let steps = declared.step.iter().filter(|step| takes && view.has_right(declared, &step.roles));
        TokenRights {
            reads: bearer.may(&Scope::Read(register.clone())),
            enters: writes && view.has_right(declared, &declared.may_enter),
            unmasks: writes && view.has_right(declared, &declared.may_unmask),
            steps: steps.map(|step| step.name.clone()).collect(),
            register,
        }
    }
}
