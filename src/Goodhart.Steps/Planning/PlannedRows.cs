using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Planning;

/// <summary>Rows that were read to plan with, and a run on them gone through.</summary>
/// <param name="Shortest">Token rows of the longest row, which is never cut.</param>
internal sealed record PlannedRows(TokenizedData Data, int Shortest, Func<TrainingRehearsal, MemoryChoice, MemoryUse> Rehearse);
