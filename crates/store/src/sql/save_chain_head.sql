-- The signed end of a chain, in place of an earlier one.
insert into chain_head
       (chain,
        position,
        hash,
        signature)
values (?1, ?2, ?3, ?4)
    on conflict (chain) do update
   set position  = excluded.position,
       hash      = excluded.hash,
       signature = excluded.signature
