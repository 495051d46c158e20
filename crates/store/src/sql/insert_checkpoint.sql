-- A signed statement that the chain had this hash at this position.
insert into checkpoint
       (chain,
        position,
        hash,
        at_ms,
        signature)
values (?1, ?2, ?3, ?4, ?5)
