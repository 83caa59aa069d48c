using Goodhart.Alignment.Remedies;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.Training;

/// <summary>The reference at hand while training: scored anew for every batch, and moved where a remedy says so.</summary>
internal sealed class ReferenceModel(LanguageModel model, ReferenceUpdate? update, int rowBudget) : IDisposable
{
    private readonly ResponseScorer scorer = new(model, rowBudget);

    /// <summary>The reference's parameters in float32, once it has moved or been saved: a device may store fewer digits, in which a small
    /// share of the policy would be lost.</summary>
    private float[]? masters;

    public LanguageModel Model => model;

    public void Score(PairBatch batch)
    {
        float[][][] logProbs = scorer.TokenLogProbs(batch.Trees);
        for (int i = 0; i < batch.Count; i++)
        {
            batch.SetReference(i, logProbs[i][0], logProbs[i][1]);
        }
    }

    /// <summary>Called after an update of the policy.</summary>
    /// <param name="updates">Done so far.</param>
    public void Follow(LanguageModel policy, int updates)
    {
        if (update is null || !update.IsDue(updates))
        {
            return;
        }

        float[] own = Values();
        float[] moved = policy.Device.ReadF32(policy.Parameters.Values);
        for (int i = 0; i < own.Length; i++)
        {
            moved[i] = (float)update.Mix(own[i], moved[i]);
        }

        Set(moved);
    }

    /// <summary>Makes the moving reference a part of what is saved of a run.</summary>
    public void SaveWith(Updater updater)
    {
        if (update is not null)
        {
            updater.State.Attach("reference", Values, Set);
        }
    }

    public void Dispose() => scorer.Dispose();

    private float[] Values() => masters ??= model.Device.ReadF32(model.Parameters.Values);

    private void Set(float[] values)
    {
        masters = values;
        model.Device.Upload(model.Parameters.Values, values);
        model.Parameters.Changed();
    }
}
