using Goodhart.Cli.Bench.Shapes;
using Goodhart.Engine;
using Goodhart.Models;

namespace Goodhart.Cli.Bench.Work;

/// <summary>A step that can be done again and again: each time the same calls on the same rows.</summary>
/// <param name="name">As a row of the result has it.</param>
/// <param name="unit">What <see cref="WorkAmount.Items"/> counts.</param>
internal sealed class WorkPart(string name, string unit, WorkAmount amount, Action step, params IDisposable[] owned) : IDisposable
{
    public string Name => name;

    public string Unit => unit;

    public WorkAmount Amount => amount;

    public void Step() => step();

    public void Dispose() => Array.ForEach(owned, one => one.Dispose());
}

/// <summary>On what work is done.</summary>
/// <param name="Model">With a language head; trained where the work trains.</param>
/// <param name="RowBudget">Token rows computed at once.</param>
internal sealed record WorkSetting(LanguageModel Model, BenchTexts Texts, int RowBudget)
{
    public IDevice Device => Model.Device;

    public ModelShape Shape => Model.Shape;

    /// <summary>A model of the same size with a head of one score.</summary>
    public LanguageModel ScoreModel()
    {
        LanguageModel model = Model.Config.WithScoreHead().Create(Device, training: true);
        BenchWeights.Fill(model);
        return model;
    }
}
