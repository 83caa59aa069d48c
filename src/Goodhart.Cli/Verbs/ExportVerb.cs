using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Studies.Exports;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart export</c>: a study's runs for a tracker of experiments.</summary>
internal sealed class ExportVerb : Verb
{
    private const string UriVariable = "MLFLOW_TRACKING_URI";

    private readonly Argument<string> folder = TextArgument.Of("DIR", "A study's folder; the study may be running.");

    private readonly Option<string?> mlflow = TextOption.OrNone(
        "--mlflow", "URL", $"Address of an MLflow tracking server. Default, without --jsonl: {UriVariable}. Credentials are read from "
            + "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");

    private readonly Option<string?> experiment = TextOption.OrNone(
        "--experiment", "NAME", "--mlflow: name of the experiment, which is made where there is none. Default: goodhart.");

    private readonly Option<string?> lines = TextOption.OrNone(
        "--jsonl", "DIR", "A folder for JSON lines in the form of Weights and Biases: config.json and history.jsonl of each run.");

    private readonly Option<bool> json = CommonOptions.Json();

    public ExportVerb()
        : base("export", "Write a study's runs, settings and metrics to a tracker of experiments; called again it writes what is new.") =>
        Take([folder, mlflow, experiment, lines, json], RunAsync);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart export study-default --mlflow http://127.0.0.1:5000 --experiment over-optimization",
        "goodhart export study-default --jsonl tracked",
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        string? place = parse.GetValue(lines);
        Uri? server = Server(parse, place is not null);
        if (server is null && parse.GetValue(experiment) is not null)
        {
            throw new ArgumentException($"{experiment.Name} is for {mlflow.Name}.");
        }

        ExportedFolder read = StudyExport.Read(parse.GetValue(folder)!);
        int written;
        string where;
        if (server is null)
        {
            (written, where) = (JsonLinesExport.Write(read, place!), Path.GetFullPath(place!));
        }
        else
        {
            using MlflowServer tracker = new(server, Task.Delay);
            MlflowExport export = new(tracker, parse.GetValue(experiment) ?? "goodhart");
            string id = await export.WriteAsync(read, cancel).ConfigureAwait(false);
            (written, where) = (export.Written, $"{server.AbsoluteUri.TrimEnd('/')}/#/experiments/{id}");
        }

        if (parse.GetValue(json))
        {
            Out(parse).WriteLine(JsonLayout.Text(new { runs = read.Runs.Count, written, read.NotFinite, to = where }));
            return ExitCode.Done;
        }

        Out(parse).WriteLine(FormattableString.Invariant($"{Quantity.Of(read.Runs.Count, "run")}, {written} numbers written: {where}"));
        if (read.NotFinite > 0)
        {
            Error(parse).WriteLine(FormattableString.Invariant(
                $"{read.NotFinite} numbers are NaN or infinite, which trackers do not take: they are left out."));
        }

        return ExitCode.Done;
    }

    /// <summary>Null: it is JSON lines that are wanted.</summary>
    private Uri? Server(ParseResult parse, bool hasPlace)
    {
        string? named = parse.GetValue(mlflow);
        if (named is not null && hasPlace)
        {
            throw new ArgumentException($"{mlflow.Name} and {lines.Name}: one of them at a time.");
        }

        if (hasPlace)
        {
            return null;
        }

        (string source, string? text) =
            named is not null ? (mlflow.Name, named) : (UriVariable, Environment.GetEnvironmentVariable(UriVariable));
        if (string.IsNullOrEmpty(text))
        {
            throw new ArgumentException($"expected {mlflow.Name} URL or {lines.Name} DIR; {UriVariable} is not set either.");
        }

        bool isWeb = Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        if (isWeb && address!.UserInfo.Length > 0)
        {
            throw new ArgumentException($"{source}: expected an address without name and password, which MLFLOW_TRACKING_USERNAME and "
                + "MLFLOW_TRACKING_PASSWORD are for.");
        }

        return isWeb
            ? address
            : throw new ArgumentException($"{source}: expected an address such as http://127.0.0.1:5000, found '{text}'.");
    }
}
