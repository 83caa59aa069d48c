using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Hub;
using Goodhart.Hub.Names;
using Goodhart.Hub.Pulling;
using Goodhart.Hub.Requests;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart pull</c>: fetches a model or a data set of the hub into its local cache.</summary>
internal sealed class PullVerb : Verb
{
    private readonly Argument<string> name = TextArgument.Of(
        "NAME", "OWNER/NAME or OWNER/NAME@REVISION: a branch, a tag, refs/pr/N or a commit. Default: main.");

    private readonly Option<bool> dataset = TextOption.Flag(
        "--dataset", "NAME is a data set: its Parquet, JSON lines, JSON and CSV files.");
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public PullVerb()
        : base(
            "pull",
            "Fetch a model of the Hugging Face hub into its local cache (HF_HOME, HF_HUB_CACHE): configuration, tokenizer, chat template "
                + "and safetensors, "
            + "never pickles. Other commands then know it by its name. The same command again goes on where it was, and fetches "
            + "what is new.") =>
        Take([name, dataset, quiet, json], RunAsync);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart pull EleutherAI/pythia-160m",
        "goodhart pull Qwen/Qwen2.5-0.5B@main",
        "goodhart pull trl-lib/tldr --dataset",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        HubName repository = HubName.Parse(parse.GetValue(name)!, parse.GetValue(dataset) ? RepoKind.Dataset : RepoKind.Model);
        HubSettings settings = HubSettings.Current;
        using HubClient client = new(settings, $"goodhart/{GoodhartCommand.Version.Split('+')[0]}", Task.Delay);
        PullProgress progress = new(Error(parse), parse.GetValue(quiet), TimeProvider.System);
        PullResult result = await new HubPull(client, settings, progress).RunAsync(repository, cancel);
        if (parse.GetValue(json))
        {
            object report = new
            {
                name = repository.Id,
                repository.Revision,
                result.Snapshot.Commit,
                result.Snapshot.Path,
                result.Files,
                result.Fetched,
                result.Bytes,
            };
            Out(parse).WriteLine(JsonLayout.Text(report));
            return ExitCode.Done;
        }

        Out(parse).WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{repository}: {result.Files} files, {PullProgress.Size(result.Bytes)}, {result.Fetched} fetched now"));
        Out(parse).WriteLine(result.Snapshot.Path);
        return ExitCode.Done;
    }
}
