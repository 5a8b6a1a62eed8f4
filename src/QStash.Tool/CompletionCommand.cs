using System.CommandLine;

namespace QStash.Tool;

/// <summary><c>qstash completion</c>: prints the script with which a shell completes commands.</summary>
static class CompletionCommand
{
    const string Bash = """
        _qstash() {
          local line="${COMP_WORDS[*]:1:COMP_CWORD}"
          COMPREPLY=($(compgen -W "$(qstash complete -- "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _qstash qstash
        """;

    const string Zsh = """
        _qstash() {
          local -a found
          found=(${(f)"$(qstash complete -- "${words[2,CURRENT]}" 2>/dev/null)"})
          compadd -a found
        }
        compdef _qstash qstash
        """;

    const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName qstash -ScriptBlock {
          param($word, $ast, $position)
          $line = $ast.ToString() -replace '^\S+\s*', ''
          if ($word -eq '') { $line += ' ' }
          qstash complete -- "$line" | Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion",
            "Prints what a shell needs to complete commands: source <(qstash completion bash).") { shell };
        command.SetAction(call => Console.WriteLine(call.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell }));

        var line = new Argument<string>("line") { Description = "What has been typed behind qstash." };
        var complete = new Command("complete", "Lists what can come next.") { line };
        complete.Hidden = true;
        complete.SetAction(call =>
        {
            foreach (var item in root.Parse(call.GetValue(line)!).GetCompletions(call.GetValue(line)!.Length))
                Console.WriteLine(item.InsertText ?? item.Label);
        });
        root.Add(complete);
        return command;
    }
}
