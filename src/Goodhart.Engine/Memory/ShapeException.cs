namespace Goodhart.Engine;

/// <summary>An operation was given a matrix of the wrong shape or type.</summary>
public sealed class ShapeException(string message) : ArgumentException(message)
{
    /// <summary>Throws "operation: expected …, got …" unless <paramref name="condition"/> holds.</summary>
    public static void Require(bool condition, string operation, string expected, Mat actual)
    {
        if (!condition)
        {
            throw new ShapeException($"{operation}: expected {expected}, got {actual}.");
        }
    }
}
