using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Goodhart.Cli.Verbs;

namespace Goodhart.Cli;

/// <summary>The generated help, and the verb's examples after it.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = new HelpAction().Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            Verb verb => verb.Examples,
            Command group => [.. group.Subcommands.OfType<Verb>().Select(verb => verb.Examples[0])],
        };
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        return code;
    }
}
