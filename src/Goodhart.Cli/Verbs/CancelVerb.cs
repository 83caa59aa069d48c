using System.CommandLine;
using Goodhart.Cli.Executors;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Slurm;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart cancel</c>: ends the jobs of a study that runs on a cluster.</summary>
internal sealed class CancelVerb : Verb
{
    private readonly Argument<string> folder = TextArgument.Of("DIR", "The study's folder.");
    private readonly Option<bool> json = CommonOptions.Json();

    public CancelVerb()
        : base(
            "cancel", $"Cancel the jobs that `goodhart study --executor {ExecutorChoice.OfSlurm}` has submitted; what is done is kept.") =>
        Take([folder, json], RunAsync);

    public override IReadOnlyList<string> Examples { get; } = ["goodhart cancel study-default"];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        string directory = parse.GetValue(folder)!;
        if (!StudyDirectory.IsOurs(directory))
        {
            throw new DirectoryNotFoundException($"{directory}: expected the folder of a study, as `goodhart study --out DIR` makes it.");
        }

        int jobs = await SlurmExecutor.CancelAsync(directory, cancel);
        Out(parse).WriteLine(parse.GetValue(json)
            ? JsonLayout.Text(new { cancelled = jobs })
            : jobs == 0 ? "no jobs of this study are in the queue" : $"{Quantity.Of(jobs, "job")} cancelled; what is done is kept");
        return ExitCode.Done;
    }
}
