using Osapi.Transport.Embedded;

namespace Osapi.Transport.Trust;

/// <summary>
/// The keys of a system's controllers on this machine: the present ones, and beside them, while the keys are changed, the next or the previous ones.
/// </summary>
/// <remarks>
/// A controller writes with the present keys and believes both. So controllers can be switched one after the other, and messages of before the
/// switch stay readable until the previous keys are retired.
/// </remarks>
public sealed class ControllerKeyChain : IDisposable
{
    private const string NextSuffix = ".next";
    private const string PreviousSuffix = ".previous";

    /// <summary>Creates a chain of keys of one system, which it disposes.</summary>
    /// <param name="present">The keys to write with.</param>
    /// <param name="next">The keys that will follow; null for none.</param>
    /// <param name="previous">The keys that were switched from; null for none, and always if there are next ones.</param>
    public ControllerKeyChain(ControllerKeys present, ControllerKeys? next = null, ControllerKeys? previous = null)
    {
        ArgumentNullException.ThrowIfNull(present);
        (Present, Next, Previous) = (present, next, previous);
        Accepted = Other is { } other ? [present.Public, other.Public] : [present.Public];
    }

    /// <summary>The keys that this controller writes with.</summary>
    public ControllerKeys Present { get; }

    /// <summary>The keys that will follow; null while none were created.</summary>
    public ControllerKeys? Next { get; }

    /// <summary>The keys that were switched from; null when none are left.</summary>
    public ControllerKeys? Previous { get; }

    /// <summary>The keys that are believed beside the present ones; null outside of a change.</summary>
    public ControllerKeys? Other => Next ?? Previous;

    /// <summary>The public keys that agents should believe, the present one first.</summary>
    public IReadOnlyList<ControllerPublicKey> Accepted { get; }

    /// <summary>Loads the keys; creates the present ones when there are none.</summary>
    /// <param name="path">The file of the present keys; the others are beside it.</param>
    /// <exception cref="InvalidDataException">A file is damaged, belongs to another system, or other users can read it; or there are next and previous keys at once.</exception>
    public static ControllerKeyChain Load(string path)
    {
        var present = ControllerKeys.LoadOrCreate(path);
        ControllerKeys? next = null, previous = null;
        try
        {
            next = Find(path + NextSuffix, present);
            previous = Find(path + PreviousSuffix, present);
            return next is null || previous is null
                ? new(present, next, previous)
                : throw new InvalidDataException($"{path + NextSuffix} and {path + PreviousSuffix} exist both: retire the previous keys before the next change");
        }
        catch
        {
            present.Dispose();
            next?.Dispose();
            previous?.Dispose();
            throw;
        }
    }

    /// <summary>Creates the next keys.</summary>
    /// <returns>Their file.</returns>
    /// <exception cref="KeyChangeException">A change is under way.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Load"/>.</exception>
    public static string CreateNext(string path)
    {
        using var chain = Load(path);
        if (chain.Next is { } next)
            throw new KeyChangeException($"there are next keys already: {path + NextSuffix}, {next.Public.Fingerprint}");
        if (chain.Previous is not null)
            throw new KeyChangeException($"the keys before the present ones are not retired yet: {path + PreviousSuffix}");
        ControllerKeys.CreateNext(path + NextSuffix, chain.Present.Public).Dispose();
        return path + NextSuffix;
    }

    /// <summary>Makes the next keys the present ones. It is complete, or can be repeated.</summary>
    /// <exception cref="KeyChangeException">There are no next keys.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Load"/>.</exception>
    public static void Switch(string path)
    {
        using (var chain = Load(path))
            if (chain.Next is null)
                throw new KeyChangeException($"there are no next keys: {path + NextSuffix} does not exist");
        // At no moment there are no present keys, which would be created anew.
        File.Delete(path + PreviousSuffix);
        KeyFile.AddName(path, path + PreviousSuffix);
        File.Move(path + NextSuffix, path, overwrite: true);
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Removes the previous keys.</summary>
    /// <exception cref="KeyChangeException">There are none.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Load"/>.</exception>
    public static void Retire(string path)
    {
        using (var chain = Load(path))
            if (chain.Previous is null)
                throw new KeyChangeException($"there are no previous keys: {path + PreviousSuffix} does not exist");
        File.Delete(path + PreviousSuffix);
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Present.Dispose();
        Other?.Dispose();
    }

    // A switch that was interrupted leaves the present keys as the previous ones as well.
    private static ControllerKeys? Find(string path, ControllerKeys present)
    {
        if (!File.Exists(path))
            return null;
        var found = ControllerKeys.LoadOrCreate(path);
        if (!found.Public.Equals(present.Public))
            return found.Public.SystemId.SequenceEqual(present.Public.SystemId)
                ? found
                : throw new InvalidDataException($"{path} has the keys of another system");
        found.Dispose();
        return null;
    }
}

/// <summary>The keys of the controllers cannot be changed at this moment; the message says why.</summary>
public sealed class KeyChangeException(string message) : Exception(message);
