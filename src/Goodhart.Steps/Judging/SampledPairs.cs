using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets;

namespace Goodhart.Steps.Judging;

/// <summary>Samples of measured checkpoints against the responses that a file has to the same prompts. A sample is A.</summary>
public sealed record SampledPairs : PairSource
{
    public required IReadOnlyList<MeasureCheckpoint> Checkpoints { get; init; }

    /// <summary>The file of the prompts.</summary>
    public required InputFile Data { get; init; }

    public required RowReading Reading { get; init; }

    /// <summary>What the prompts were written with: the responses are found as answers to the same texts.</summary>
    public required TokenizerFiles Tokenizer { get; init; }

    /// <param name="prompts">What the checkpoints are asked.</param>
    /// <param name="checkpoints">Measured on them.</param>
    public static SampledPairs Of(TokenizePrompts prompts, IReadOnlyList<MeasureCheckpoint> checkpoints) => new()
    {
        Checkpoints = checkpoints,
        Data = prompts.File.Data,
        Reading = prompts.File.Reading,
        Tokenizer = prompts.File.Tokenizer,
    };

    /// <summary>Looks at the file; before hours of sampling.</summary>
    /// <exception cref="InvalidDataException">It has no responses.</exception>
    public void Check() => Responses();

    public override IReadOnlyList<ResponsePair> Pairs(Func<Step, string> directoryOf) =>
        [.. ByCheckpoint(directoryOf).SelectMany(checkpoint => checkpoint.Select(judged => judged.Pair))];

    /// <summary>Per checkpoint, its samples with what they are compared with.</summary>
    public (ResponseRecord Sample, ResponsePair Pair)[][] ByCheckpoint(Func<Step, string> directoryOf)
    {
        Dictionary<int, ResponseRow> data = Responses();
        return
        [
            .. Checkpoints.Select(measured => ResponseRecord.Read(Path.Combine(directoryOf(measured), MeasureCheckpoint.ResponsesFile))
                .Select(sample => (sample, Pair(sample, data))).ToArray()),
        ];
    }

    private ResponsePair Pair(ResponseRecord sample, Dictionary<int, ResponseRow> data) => data.TryGetValue(sample.Id, out ResponseRow? row)
        ? new ResponsePair(row.Prompt, JudgedResponse.Of(sample.Response, sample.Finished()), row.Response, sample.Sample)
        {
            WrittenByTemplate = row.WrittenByTemplate,
        }
        : throw new InvalidDataException(
            FormattableString.Invariant($"{Data.Path} row {sample.Id + 1}: expected a response to compare with, found none; ")
            + "leave the row out, or run without --judge.");

    private Dictionary<int, ResponseRow> Responses()
    {
        try
        {
            return ResponseRows.Read(Data.Path, Reading, Tokenizer).ToDictionary(row => row.Row);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException(
                "--judge compares with the data's responses, so --prompts needs them (a column response or reference, or preference or "
                + "SFT data): "
                + fault.Message,
                fault);
        }
    }
}
