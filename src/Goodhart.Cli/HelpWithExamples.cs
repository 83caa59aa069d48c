using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace Goodhart.Cli;

/// <summary>The generated help, and the verb's examples after it.</summary>
internal sealed partial class HelpWithExamples : SynchronousCommandLineAction
{
    /// <summary>Columns of a line at most; what is piped has no window to ask.</summary>
    public const int Width = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = new HelpAction { MaxWidth = Width }.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            Verb verb => verb.Examples,
            Command group => [.. group.Subcommands.OfType<Verb>().Select(verb => verb.Examples[0])],
        };
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
        {
            WriteWrapped(output, example);
        }

        return code;
    }

    /// <summary>As a shell tells them apart; quotes are kept.</summary>
    internal static IEnumerable<string> Words(string example) => Word().Matches(example).Select(match => match.Value);

    /// <summary>Goes on in the next line as a shell takes it.</summary>
    private static void WriteWrapped(TextWriter output, string example)
    {
        string line = "  ";
        foreach (string word in Words(example))
        {
            if (line.Length + word.Length + 3 > Width)
            {
                output.WriteLine($"{line}\\");
                line = "      ";
            }

            line += $"{word} ";
        }

        output.WriteLine(line.TrimEnd());
    }

    [GeneratedRegex("""(?:[^\s'"]|'[^']*'|"[^"]*")+""")]
    private static partial Regex Word();
}
