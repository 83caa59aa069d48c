namespace Goodhart.Engine;

/// <summary>A device's memory in large pieces: what arenas cut up.</summary>
public interface ISlabs
{
    /// <summary>A new slab; its content is undefined.</summary>
    /// <returns>Its number, for <see cref="Mem.Slab"/>.</returns>
    int AddSlab(long bytes);

    void FreeSlab(int slab, long bytes);

    /// <summary>What was allocated in the slab is given up; the slab stays.</summary>
    void ForgetSlab(int slab);
}
