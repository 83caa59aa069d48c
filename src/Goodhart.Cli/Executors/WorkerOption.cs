using System.CommandLine;

namespace Goodhart.Cli.Executors;

/// <summary>Makes <c>goodhart step</c> a worker process that takes one step after another.</summary>
internal static class WorkerOption
{
    public const string Name = "--serve-stdin";

    public static Option<bool> Create() => new(Name)
    {
        Description = "Be a worker of --executor local: take steps from standard input, one after the other, and end with it.",
    };
}
