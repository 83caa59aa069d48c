using Goodhart.Pipeline;
using Goodhart.Studies.Results;
using Goodhart.Studies.Steps;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Running;

/// <summary>A study as steps, and what its report says of them.</summary>
public interface IStudyGraph
{
    /// <summary>The SFT model of each model and seed first, then its checkpoints.</summary>
    IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; }

    /// <summary>The paper's tree, for the report's theory chapter; null for none.</summary>
    TreeStudy? Tree { get; }

    /// <summary>What the policies were asked.</summary>
    PromptTexts Prompts { get; }

    /// <summary>Preference pairs of one epoch.</summary>
    int Pairs { get; }

    /// <summary>Fractions of the epoch at which runs are evaluated.</summary>
    IReadOnlyList<double> Checkpoints { get; }

    /// <summary>What the study does not contain, in plain words.</summary>
    IReadOnlyList<string> NotRun { get; }

    /// <summary>How good the reward models are that runs of RLHF learned from; none without such runs.</summary>
    /// <param name="runner">Of the finished study: reads what is stored.</param>
    IReadOnlyList<RewardModelSummary> RewardModels(Runner runner);

    /// <summary>Files for people beside the report.</summary>
    /// <param name="runner">Of the finished study: reads what is stored.</param>
    void Publish(string directory, Runner runner);
}
