using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Engine;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;

namespace Goodhart.Steps.Measuring;

/// <summary>Log-probs of given responses: every row again, with <c>logProb</c> and <c>tokenLogProbs</c> added (or replaced); of a pair
/// <c>chosenLogProb</c>, <c>rejectedLogProb</c> and so on.</summary>
/// <remarks>Each row is scored by itself, never through a neighbour's prompt, so its bits do not depend on its place in the file.</remarks>
public sealed record ScoreLogProbs : LineStep<ScoreSummary>
{
    private const int RowsPerBatch = 32;

    public required InputFolder Model { get; init; }

    public required InputFile Data { get; init; }

    public RowReading Reading { get; init; } = RowReading.Plain;

    /// <summary>What writes conversations; null: HH's layout.</summary>
    public ChatFiles? Chat { get; init; }

    /// <summary>Text responses end with EOS; ids, and what a model's own template writes, are taken as they are.</summary>
    public required bool AppendEos { get; init; }

    public override string Name => "score";

    public override void Check()
    {
        LoadedModel.RequireFolder(Model.Path);
        DataFile.Open(Data.Path);
    }

    public override ScoreSummary Run(Func<IDevice> device, ILines lines, CancellationToken cancel)
    {
        using LoadedModel model = Open(device, Model);
        ResponseFile file = new(model, Data.Path, Reading, Chat?.Open(), AppendEos);

        // Reads and checks every row before the first is scored: a mistake in the last line should not show after hours.
        int total = file.Rows(Progress is null ? null : Progress.Read).Count();
        if (total == 0)
        {
            throw new InvalidDataException($"{Data.Path}: expected responses, found no row.");
        }

        (double nats, long tokens) = (0, 0);
        foreach (string line in lines.Earlier())
        {
            JsonNode earlier = JsonNode.Parse(line)!;
            foreach (string name in file.Names)
            {
                Add((double)earlier[Field(name, "logProb")]!, earlier[Field(name, "tokenLogProbs")]!.AsArray().Count);
            }
        }

        int done = lines.Count;
        Report(done, total);
        using ResponseScorer scorer = new(model.Model);
        foreach (GivenResponse[] batch in file.Rows(told: null).Skip(done).Chunk(RowsPerBatch))
        {
            cancel.ThrowIfCancellationRequested();
            float[][][] scored = scorer.TokenLogProbs([.. batch.Select(row => new PromptTree(row.Prompt, [.. row.Responses]))], cancel);
            lines.Append([.. batch.Zip(scored, (row, response) => Line(row, response))]);
            Report(done += batch.Length, total);
        }

        return new ScoreSummary(done, tokens > 0 ? nats / tokens : null);

        string Line(GivenResponse row, float[][] responses)
        {
            JsonObject fields = (JsonObject)row.Source.Fields.DeepClone();
            foreach ((string name, float[] tokenLogProbs) in file.Names.Zip(responses))
            {
                double logProb = ResponseScorer.Sum(tokenLogProbs);
                if (!double.IsFinite(logProb))
                {
                    throw new InvalidDataException(
                        $"{row.Source.File} {row.Source.Place}: expected a finite log-prob, found {logProb}: "
                        + $"{model.Path} has weights that are not finite or too large.");
                }

                Add(logProb, tokenLogProbs.Length);
                fields[Field(name, "logProb")] = logProb;
                fields[Field(name, "tokenLogProbs")] = JsonSerializer.SerializeToNode(tokenLogProbs);
            }

            return fields.ToJsonString(JsonLines.Options);
        }

        void Add(double logProb, int count) => (nats, tokens) = (nats - logProb, tokens + count);
    }

    private static string Field(string response, string name) => response.Length == 0 ? name : response + char.ToUpperInvariant(name[0])
        + name[1..];
}

/// <param name="NatsPerToken">Mean negative log-prob of the response tokens; null if there is none.</param>
public sealed record ScoreSummary(int Rows, double? NatsPerToken);
