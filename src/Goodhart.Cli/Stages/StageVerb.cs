using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Text;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Cli.Stages;

/// <summary>A verb that runs one stage in a folder of its own.</summary>
/// <typeparam name="T">What the stage gives back; also what --json prints.</typeparam>
/// <param name="needsFolder">As <see cref="RunOptions"/> has it.</param>
internal abstract class StageVerb<T>(string name, string description, bool needsFolder = true) : Verb(name, description)
{
    private readonly RunOptions run = new(needsFolder);

    /// <summary>What stages have behind the verb's own.</summary>
    private protected virtual IEnumerable<Option> Common => run.All;

    /// <summary>The verb's own arguments and options.</summary>
    protected void TakeStage(IEnumerable<Symbol> own) => Take([.. own, .. Common], RunAsync);

    protected abstract Task<T> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel);

    /// <returns>The exit code where there is nothing to run; null otherwise.</returns>
    protected virtual int? WithoutRunning(ParseResult parse, StageEnvironment environment) => null;

    protected bool IsJson(ParseResult parse) => run.IsJson(parse);

    protected DeviceOptions Devices => run.Devices;

    protected bool HasFolder(CommandResult command) => run.HasFolder(command);

    protected bool IsQuiet(ParseResult parse) => run.IsQuiet(parse);

    protected abstract void Announce(ParseResult parse, T result);

    /// <summary>The lines that end a training run.</summary>
    protected static void AnnounceTraining(TextWriter output, TrainingResult result, string? remark, params ReadOnlySpan<string> metrics)
    {
        bool fromPairs = result.Labels is { FromPairs: true };
        string used = fromPairs ? Quantity.Of(result.Data.Rows, "response") : FormattableString.Invariant($"{result.Data.Rows}");
        output.WriteLine(
            $"{Quantity.Of(result.Updates, "update")} on {used} of "
                + $"{Quantity.Of(result.Data.Read, fromPairs ? "pair" : "row")}{Values(result, metrics)}");
        AnnounceRows(output, result.Data);
        if (remark is not null)
        {
            output.WriteLine(remark);
        }

        output.WriteLine(result.Model);
    }

    /// <summary>What of a file was not used; nothing where everything was.</summary>
    protected static void AnnounceRows(TextWriter output, TokenizedData data)
    {
        TruncationReport lost = data.Truncation;
        if (data.Skipped.Count > 0 || lost.Dropped > 0 || lost.Cut > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Quantity.Of(data.Skipped.Values.Sum(), "row")} skipped, {lost.Dropped} dropped, {lost.Cut} cut ")
                + FormattableString.Invariant($"({Quantity.Of(lost.PromptTokensLost, "token")} of prompts, {lost.ResponseTokensLost} of ")
                + FormattableString.Invariant($"responses)"));
        }

        foreach (string line in RowAccount.Remarks(data.BadRows, data.BadMargins, data.CutPrompts, data.Unused))
        {
            output.WriteLine(line);
        }
    }

    private static string Values(TrainingResult result, ReadOnlySpan<string> metrics)
    {
        string text = "";
        foreach (string name in metrics)
        {
            if (!result.Last.Values.ContainsKey(name))
            {
                continue;   // of another objective, or of responses that the last batch did not have
            }

            text += string.Create(CultureInfo.InvariantCulture, $", {name} {result.Last.Values[name]:G4}");
        }

        return text;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        if (WithoutRunning(parse, run.Of(parse, observer: null)) is { } code)
        {
            return code;
        }

        T result;
        await using (StudyProgress progress = new(run.IsJson(parse) ? Error(parse) : Out(parse), run.IsQuiet(parse)))
        {
            result = await RunAsync(parse, run.Of(parse, progress.Observer), cancel);
        }

        if (run.IsJson(parse))
        {
            Out(parse).WriteLine(JsonLayout.Text(result));
        }
        else
        {
            Announce(parse, result);
        }

        return ExitCode.Done;
    }
}
