using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>The whole request of a job, as its commands have it: the bytes, or the object that has them.</summary>
/// <param name="Bytes">The request; with an object, what stands for it in messages.</param>
/// <param name="Object">The object; null for a request that fits into a message.</param>
internal readonly record struct RequestContent(ReadOnlyMemory<byte> Bytes, FileReference? Object = null)
{
    /// <summary>Refers to a request in an object.</summary>
    public static RequestContent Of(FileReference stored) => new(RequestObjects.Placeholder, stored);
}
