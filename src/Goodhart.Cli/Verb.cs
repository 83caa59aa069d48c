using System.CommandLine;

namespace Goodhart.Cli;

/// <summary>A command of the program; its help ends with examples.</summary>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Says what the verb takes and does.</summary>
    /// <param name="symbols">Arguments and options, each kind in the order of its help.</param>
    /// <param name="run">Gives the exit code.</param>
    protected void Take(IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        Add(symbols);
        SetAction(run);
    }

    /// <inheritdoc cref="Take(IEnumerable{Symbol}, Func{ParseResult, CancellationToken, Task{int}})"/>
    protected void Take(IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, int> run) =>
        Take(symbols, (parse, cancel) => Task.FromResult(run(parse, cancel)));

    /// <inheritdoc cref="Take(IEnumerable{Symbol}, Func{ParseResult, CancellationToken, Task{int}})"/>
    protected void Take(IEnumerable<Symbol> symbols, Func<ParseResult, int> run)
    {
        Add(symbols);
        SetAction(run);
    }

    /// <summary>Where a result goes.</summary>
    protected static TextWriter Out(ParseResult parse) => parse.InvocationConfiguration.Output;

    /// <summary>Where progress and remarks go when the result is for a machine.</summary>
    protected static TextWriter Error(ParseResult parse) => parse.InvocationConfiguration.Error;

    private void Add(IEnumerable<Symbol> symbols)
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
}
