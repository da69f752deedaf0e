# Of the names in imports.txt that are one library's, makes stubs of those that its objects do not define: a missing symbol would end the process without saying which function it wanted.
#   nm --defined-only OBJECTS | awk -v library=SONAME -f stubs.awk - imports.txt
BEGIN {
  print "#include <stdio.h>\n#include <stdlib.h>"
  print "#define LACKS(name) void name(void) { fputs(\"stand-in lacks \" #name \"\\n\", stderr); abort(); }"
}
NF == 3 { defined[$3] }
NF == 2 && $1 == library && !($2 in defined) { print "LACKS(" $2 ")" }
