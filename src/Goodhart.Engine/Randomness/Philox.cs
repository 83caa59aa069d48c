using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Engine.Randomness;

/// <summary>
/// Philox4x32-10: a counter-based generator. The same (key, counter) always gives the same 128 bits, so a random number has an
/// address and does not depend on what was drawn before it, on the batch or on the thread.
/// </summary>
/// <remarks>Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).</remarks>
public static class Philox
{
    /// <summary>Of a block.</summary>
    public const int Rounds = 10;

    /// <summary>The factor of words 0.</summary>
    public const uint Multiplier0 = 0xD2511F53;

    /// <summary>The factor of words 2.</summary>
    public const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>What the key's lower half grows by from round to round.</summary>
    public const uint Weyl0 = 0x9E3779B9;

    /// <summary>What its upper half grows by.</summary>
    public const uint Weyl1 = 0xBB67AE85;

    /// <summary>The key of a purpose: hash64(study seed, purpose). Two purposes never share a stream.</summary>
    public static ulong Key(ulong seed, string purpose)
    {
        byte[] text = Encoding.UTF8.GetBytes(purpose);
        byte[] bytes = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        text.CopyTo(bytes, 8);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes));
    }

    /// <summary>The 128 random bits at one counter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint W0, uint W1, uint W2, uint W3) Block(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ k0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ k1,
                (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>A float in the open interval (0, 1), from 23 of the 32 bits: neither 0 nor 1 occurs, so a logarithm is finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OpenUnit(uint word) => ((word >> 9) + 0.5f) * (1f / (1 << 23));
}
