# shellcheck shell=sh
# deploy/scripts/fix_imports.py, by the program beside this one.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

"$python" "$BERTH_HOME/src/test/shell/fix_imports.py" "$scripts/fix_imports.py" "$SCRATCH"
