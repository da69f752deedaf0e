# Reads what ptxas says of every kernel on every architecture and holds it against a budget.
#   awk -f cuda_budget.awk -v write=1 LOGS      prints a budget: the most that any architecture uses
#   awk -f cuda_budget.awk BUDGET LOGS          fails on a spill, on more than a budget's registers or shared memory, on a
#                                               kernel without a budget and on a budget without a kernel
# Logs have been through c++filt. A budget is lines of: kernel, registers a thread, static shared bytes a block.
BEGIN { FS = "\t"; bad = 0 }

function complain(text) { print "budget: " text > "/dev/stderr"; bad = 1 }

!write && FNR == NR {
  if ($0 !~ /^#/ && $0 != "") { registers[$1] = $2; shared[$1] = $3 }
  next
}

/Compiling entry function/ {
  split($0, quoted, "'")
  kernel = quoted[2]
  architecture = quoted[4]
  gsub(/\(anonymous namespace\)::|eider::cuda::|eider::rows::|^void /, "", kernel)
  gsub(/ >/, ">", kernel)
  # Up to its parameters; what is in angle brackets has none.
  sub(/\(.*/, "", kernel)
}

/bytes stack frame/ {
  split($0, words, " ")
  if (words[1] + words[5] + words[9] > 0) complain(kernel " on " architecture ":" $0)
}

/Used [0-9]+ registers/ {
  match($0, /Used [0-9]+/)
  used = substr($0, RSTART + 5, RLENGTH - 5) + 0
  static = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH - 11) + 0 : 0
  if (used > most[kernel]) most[kernel] = used
  if (!(kernel in most_shared) || static > most_shared[kernel]) most_shared[kernel] = static
  if (!write) {
    if (!(kernel in registers)) complain(kernel " has none")
    else if (used > registers[kernel]) complain(kernel " on " architecture ": " used " registers, not " registers[kernel])
    else if (static > shared[kernel]) complain(kernel " on " architecture ": " static " shared bytes, not " shared[kernel])
  }
}

END {
  if (write) {
    print "# kernel\tregisters\tshared bytes"
    for (k in most) print k "\t" most[k] "\t" most_shared[k] | "LC_ALL=C sort"
  } else {
    for (k in registers) if (!(k in most)) complain("no kernel " k)
    n = 0
    for (k in most) n++
    if (!bad) print n " kernels within budget, no spills"
  }
  exit bad
}
