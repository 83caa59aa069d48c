using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Filtering;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Labelling;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Training;

namespace Goodhart.Studies.Results;

/// <summary>What the training of a checkpoint on pairs took, as its plan estimates it: nothing measured, so that it is the same on any
/// machine.</summary>
internal static class TrainingCost
{
    /// <returns>Floating-point operations, by checkpoint; of those that were trained on pairs.</returns>
    public static IReadOnlyDictionary<CheckpointKey, double> Of(
        IReadOnlyList<Step<CheckpointEvaluation>> steps, IReadOnlyList<CheckpointEvaluation> evaluations)
    {
        Dictionary<CheckpointKey, double> costs = [];
        foreach ((Step<CheckpointEvaluation> step, CheckpointEvaluation evaluation) in steps.Zip(evaluations))
        {
            if (step is DescribeCheckpoint { Measured.Policy: StoredModel { Step: PreferenceSegment segment } })
            {
                costs[CheckpointKey.Of(evaluation.Point)] = Of([segment]);
            }
            else if (step is DescribeCheckpoint { Measured.Policy: StoredModel { Step: AverageModels average } })
            {
                costs[CheckpointKey.Of(evaluation.Point)] =
                    Of(average.Models.OfType<StoredModel>().Select(model => model.Step).OfType<PreferenceSegment>());
            }
        }

        return costs;
    }

    /// <summary>Up to the ends of parts: updates, the reference's scores of the rows that they saw, what was sampled for them, and what
    /// said which of them are kept or how many are wrong; each once.</summary>
    private static double Of(IEnumerable<PreferenceSegment> ends)
    {
        double sum = 0;
        HashSet<string> counted = [];
        foreach (PreferenceSegment part in ends.SelectMany(Parts))
        {
            if (!counted.Add(part.Key))
            {
                continue;
            }

            int updates = part.End - (part.Previous?.End ?? 0);
            double ofRows = part.Rows is SamplePairs pairs ? (double)pairs.Count / part.Recipe.BatchSize : part.TotalSteps;
            sum += part.EstimatedCost + (part.Reference.EstimatedCost * updates / ofRows);
            IEnumerable<Step> besides =
            [
                .. part.Rows is SamplePairs own ? (Step[])[own] : [],
                .. part.Rows is KeptPairs kept ? kept.Margins.Work : [],
                .. part.Smoothing is EstimateNoise noise ? noise.Margins.Work : [],
            ];
            sum += besides.Where(step => counted.Add(step.Key)).Sum(step => step.EstimatedCost);
        }

        return sum;
    }

    private static IEnumerable<PreferenceSegment> Parts(PreferenceSegment last)
    {
        for (PreferenceSegment? part = last; part is not null; part = part.Previous as PreferenceSegment)
        {
            yield return part;
        }
    }
}
