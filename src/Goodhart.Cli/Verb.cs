using System.CommandLine;

namespace Goodhart.Cli;

/// <summary>A command of the program; its help ends with examples.</summary>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>The verb's arguments and options, each kind in the order of its help.</summary>
    protected void Take(IEnumerable<Symbol> symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                Arguments.Add(argument);
            }
            else
            {
                Options.Add((Option)symbol);
            }
        }
    }

    /// <summary>Where a result goes.</summary>
    protected static TextWriter Out(ParseResult parse) => parse.InvocationConfiguration.Output;

    /// <summary>Where progress and remarks go when the result is for a machine.</summary>
    protected static TextWriter Error(ParseResult parse) => parse.InvocationConfiguration.Error;
}
