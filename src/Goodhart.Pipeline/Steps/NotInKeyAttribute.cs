namespace Goodhart.Pipeline;

/// <summary>Marks what changes the speed, never the answer (batch size, threads, labels): it stays out of the step's key.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class NotInKeyAttribute : Attribute;
