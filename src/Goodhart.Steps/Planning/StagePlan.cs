using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Planning;

/// <summary>What a stage would do; nothing was run or written.</summary>
/// <param name="Data">The rows, as a run would read them.</param>
/// <param name="Updates">Or collections.</param>
/// <param name="Flops">Of training, about.</param>
public sealed record StagePlan(string Stage, TokenizedData Data, int Updates, double Flops, MemoryPlan Memory);
