using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Describing;

/// <summary>What policies' own implicit rewards make of their samples against the data set's responses: the win rate that the proxy
/// predicts. By checkpoint and prompt.</summary>
/// <remarks>σ(β·[log π/π_ref(y) − log π/π_ref(y_data)]), mean over a prompt's samples y; π_ref the SFT model, whatever the loss ranks
/// by.</remarks>
public sealed record ImplicitWins : Step<double[][]>
{
    public required IReadOnlyList<ImplicitSubject> Checkpoints { get; init; }

    public override string Label => "implicit rewards";

    protected override bool DependsOnNumerics => false;

    /// <summary>Of the checkpoints that were trained from an SFT model; null where there are none.</summary>
    public static ImplicitWins? Of(IEnumerable<DescribeCheckpoint> steps)
    {
        ImplicitSubject[] subjects =
        [
            .. steps.Where(step => step is { Start: not null, Beta: not null })
                .Select(step => new ImplicitSubject(step.Measured, step.Start!, step.Beta!.Value)),
        ];
        return subjects.Length == 0 ? null : new ImplicitWins { Checkpoints = subjects };
    }

    protected override Task<double[][]> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult(Array.ConvertAll([.. Checkpoints], subject =>
        {
            cancel.ThrowIfCancellationRequested();
            double[][] own = context.Get(subject.Measured).Unseen!.LogProbs;
            double[][] reference = context.Get(subject.Start).Unseen!.LogProbs;
            ResponseRecord[] responses = ResponseRecord.Read(context.FileOf(subject.Measured, MeasureCheckpoint.ResponsesFile));
            return responses.Chunk(subject.Measured.Sampling.Samples).Select((samples, prompt) => samples.Average(sample =>
                Sigmoid(subject.Beta * (sample.LogProb - sample.ReferenceLogProb - (own[prompt][1] - reference[prompt][1]))))).ToArray();
        }));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>A checkpoint with the SFT model that it began as.</summary>
/// <param name="Beta">Of its loss: an implicit reward per nat.</param>
public sealed record ImplicitSubject(MeasureCheckpoint Measured, MeasureCheckpoint Start, double Beta);
