using System.Text.Json.Nodes;
using Goodhart.Pipeline;
using Goodhart.Serve.Watching;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Measuring;

namespace Goodhart.Serve.Answers;

/// <summary>Reads sampled responses, a prompt at a time: they are the bulk of a study, and nobody reads them all.</summary>
internal sealed class SampleAnswers(StudyWatch watch, string directory)
{
    private const int MostOpening = 90;

    private readonly StoredSteps stored = new(directory);

    /// <summary>The study's prompts, each by its place.</summary>
    public IReadOnlyList<PromptOpening> Prompts() =>
        [.. PromptsFile.Read(directory).Select((prompt, place) => new PromptOpening(place, Opening(prompt.Prompt)))];

    /// <summary>What a checkpoint said to a prompt; null: there is no such prompt, or it is not that far.</summary>
    /// <param name="key">Of the step that describes it.</param>
    public SampleAnswer? Of(string key, int place)
    {
        WatchedStep? step = watch.Look(folder => folder.Fold.Find(key));
        AskedPrompt? asked = PromptsFile.Read(directory).ElementAtOrDefault(place);
        if (step is null || asked is null || stored.Record(step.Folder) is not { } record)
        {
            return null;
        }

        JudgedCheckpoint? judged = Result<JudgedCheckpoint>(record, nameof(DescribeCheckpoint.Judged));
        GoldMeasures? gold = Result<JudgedCheckpoint>(record, nameof(DescribeCheckpoint.Gold))?.Gold;
        double? reference = gold is null ? null : Digits.Of(gold.References[place]);
        IReadOnlyList<SampleRow> rows = FolderOf(record, nameof(DescribeCheckpoint.Measured)) is { } measured
            ? Rows(measured, asked.Id, judged?.Scores.ElementAtOrDefault(place), gold?.Rewards.ElementAtOrDefault(place))
            : Chosen(step, place);
        return new SampleAnswer(place, asked.Prompt, asked.Response, reference, rows);
    }

    /// <param name="scores">By sample; null: nobody has judged.</param>
    /// <param name="rewards">The same of the gold reward.</param>
    private SampleRow[] Rows(string measured, int id, double[]? scores, double[]? rewards)
    {
        if (stored.FileOf(measured, MeasureCheckpoint.ResponsesFile) is not { } file)
        {
            return [];
        }

        string head = FormattableString.Invariant($"{{\"id\":{id},");
        return
        [
            .. File.ReadLines(file).Where(line => line.StartsWith(head, StringComparison.Ordinal))
                .Select(JsonLines.Read<ResponseRecord>)
                .Select((response, sample) => new SampleRow(
                    response.Response, Digits.Of(response.Kl), Digits.Of(response.LogProb - response.ReferenceLogProb), response.Length(),
                    response.Finished(), Digits.Of(scores?.ElementAtOrDefault(sample)), Digits.Of(rewards?.ElementAtOrDefault(sample)))),
        ];
    }

    /// <summary>Best-of-n keeps what it chose, and nothing of each response but its text and its gold reward.</summary>
    private SampleRow[] Chosen(WatchedStep step, int place) =>
        stored.Result<CheckpointEvaluation>(step.Folder)?.Responses.ElementAtOrDefault(place) is { } chosen
            ? [new SampleRow(chosen.Text, null, null, null, null, null, Digits.Of(chosen.Gold))]
            : [];

    private T? Result<T>(StepRecord record, string property)
        where T : class => FolderOf(record, property) is { } folder ? stored.Result<T>(folder) : null;

    /// <summary>Of an input, by the property that holds it; null: it has no such input.</summary>
    private string? FolderOf(StepRecord record, string property)
    {
        string? hash = (string?)(record.Definition["fields"] as JsonObject)?[property]?["$step"];
        return hash is null ? null : watch.Look(folder => folder.Fold.Find(hash[..16]))?.Folder;
    }

    private static string Opening(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostOpening ? line : string.Concat(line.AsSpan(0, MostOpening), "…");
    }
}

/// <param name="Place">By which it is asked for.</param>
/// <param name="Opening">Its first words.</param>
internal sealed record PromptOpening(int Place, string Opening);

/// <param name="Reference">The data set's response.</param>
/// <param name="ReferenceGold">Null: no true reward is known.</param>
/// <param name="Samples">Empty: they are not kept.</param>
internal sealed record SampleAnswer(int Place, string Prompt, string Reference, double? ReferenceGold, IReadOnlyList<SampleRow> Samples);

/// <param name="Kl">To the reference, nats, summed over the response's prefixes.</param>
/// <param name="LogRatio">log π/π_ref, nats.</param>
/// <param name="Length">Tokens, EOS not counted.</param>
/// <param name="Finished">Whether the policy ended it.</param>
/// <param name="Score">Against the data set's response: 1 won, 0 lost; null: no verdict.</param>
/// <param name="Gold">Null: no true reward is known.</param>
internal sealed record SampleRow(
    string Text, double? Kl, double? LogRatio, int? Length, bool? Finished, double? Score, double? Gold);
