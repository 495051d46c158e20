-- The evidence has gone before anybody began to work on the lead.
update lead
   set state            = 'lapsed',
       is_open          = 0,
       due_on           = null,
       entered_state_on = ?2
 where lead_id = ?1
