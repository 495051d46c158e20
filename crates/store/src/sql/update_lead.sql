-- What the latest screening found.
update lead
   set region         = ?2,
       urgency        = ?3,
       risk           = ?4,
       because        = ?5,
       because_en     = ?6,
       reasons        = ?7,
       flags          = ?8,
       seen_on        = ?9,
       known          = ?10,
       flags_document = ?11,
       content        = ?12,
       stale          = 0
 where lead_id = ?1
