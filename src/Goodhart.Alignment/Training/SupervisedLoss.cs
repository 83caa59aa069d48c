namespace Goodhart.Alignment.Training;

/// <summary>How a batch of negative log-likelihoods becomes one number: a weight per target.</summary>
public abstract record SupervisedLoss
{
    /// <summary>Whether prompt tokens are targets too.</summary>
    public abstract bool TrainsPrompt { get; }

    /// <summary>Weight of every target of a prompt and of a response; the loss is Σ weight · NLL.</summary>
    /// <param name="promptTargets">Of the whole batch.</param>
    /// <param name="responseTargets">Of the whole batch.</param>
    public abstract (double Prompt, double Response) Weights(int sequences, int promptTargets, int responseTargets);
}

/// <summary>Weighted mean NLL per token: prompt tokens count <see cref="PromptWeight"/>, response tokens 1.</summary>
public sealed record TokenMean : SupervisedLoss
{
    public double PromptWeight { get; init; }

    public override bool TrainsPrompt => PromptWeight > 0;

    public override (double Prompt, double Response) Weights(int sequences, int promptTargets, int responseTargets)
    {
        double total = (PromptWeight * promptTargets) + responseTargets;
        return (PromptWeight / total, 1 / total);
    }
}

/// <summary>Mean over sequences of the summed response NLL: what the DPO reference code's SFT stage minimises.</summary>
public sealed record SequenceMean : SupervisedLoss
{
    public override bool TrainsPrompt => false;

    public override (double Prompt, double Response) Weights(int sequences, int promptTargets, int responseTargets) =>
        (0, 1.0 / sequences);
}
