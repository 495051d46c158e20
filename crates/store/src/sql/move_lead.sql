-- A lead has taken a step.
update lead
   set state            = ?2,
       is_open          = ?3,
       entered_state_on = ?4,
       due_on           = ?5,
       fields           = ?6
 where lead_id = ?1
