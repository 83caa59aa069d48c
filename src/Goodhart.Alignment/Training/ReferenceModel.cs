using Goodhart.Alignment.Remedies;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.Training;

/// <summary>The reference at hand while training: scored anew for every batch, and moved where a remedy says so.</summary>
internal sealed class ReferenceModel : IDisposable
{
    /// <summary>Elements that are moved, saved or restored at once.</summary>
    private const int Part = 1 << 22;

    private readonly LanguageModel model;
    private readonly ReferenceUpdate? update;
    private readonly ResponseScorer scorer;
    private readonly IArena? arena;

    /// <summary>The reference's parameters in float32. A device that stores fewer digits, in which a small share of the policy would be
    /// lost, holds them beside what operations read.</summary>
    private readonly Mat masters;

    public ReferenceModel(LanguageModel model, ReferenceUpdate? update, int rowBudget)
    {
        (this.model, this.update, scorer) = (model, update, new ResponseScorer(model, rowBudget));
        masters = model.Parameters.Values;
        if (update is not null && masters.Type != DType.F32)
        {
            arena = model.Device.CreateArena("reference's master weights", masters.Count * (long)sizeof(float));
            Mat own = arena.Allocate(masters.Rows, masters.Cols, DType.F32);
            model.Device.Ops.Copy(masters, own);
            masters = own;
        }
    }

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
        if (update is null || !update.IsDue(updates) || !model.Device.Info.Computes)
        {
            return;
        }

        float[] room = new float[Math.Min(Part, masters.Count)];
        Set((start, moved) =>
        {
            Span<float> own = room.AsSpan(0, moved.Length);
            model.Device.Read(masters.Piece(start, own.Length), own);
            policy.Device.Read(policy.Parameters.Values.Piece(start, moved.Length), moved);
            for (int i = 0; i < own.Length; i++)
            {
                moved[i] = (float)update.Mix(own[i], moved[i]);
            }
        });
    }

    /// <summary>Makes the moving reference a part of what is saved of a run.</summary>
    public void SaveWith(Updater updater)
    {
        if (update is not null)
        {
            ReadValues read = (start, part) => model.Device.Read(masters.Piece(start, part.Length), part);
            updater.State.Attach(new StateValues("reference", masters.Count, read), saved => Set(saved.Read));
        }
    }

    public void Dispose()
    {
        scorer.Dispose();
        arena?.Dispose();
    }

    private void Set(ReadValues values)
    {
        float[] room = new float[Math.Min(Part, masters.Count)];
        for (long start = 0; start < masters.Count; start += room.Length)
        {
            Span<float> part = room.AsSpan(0, (int)Math.Min(room.Length, masters.Count - start));
            values(start, part);
            model.Device.Upload(masters.Piece(start, part.Length), part);
            if (arena is not null)
            {
                model.Device.Upload(model.Parameters.Values.Piece(start, part.Length), part);
            }
        }

        model.Parameters.Changed();
    }
}
