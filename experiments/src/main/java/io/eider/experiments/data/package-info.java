/**
 * Images, their long-tailed splits and their batches: everything between a data set on disk and plain arrays a trainer reads.
 *
 * <p>The way of the data, one class per step:
 *
 * <ol>
 *   <li>{@link io.eider.experiments.data.DataFolder} is the cache folder; {@link io.eider.experiments.data.DataFetcher} and
 *       {@link io.eider.experiments.data.DataImporter} fill it, {@link io.eider.experiments.data.DataVerifier} checks it.
 *   <li>{@link io.eider.experiments.data.CifarReader} reads it into an {@link io.eider.experiments.data.ImageSet};
 *       {@link io.eider.experiments.data.ProceduralImages} draws one with no files at all.
 *   <li>{@link io.eider.experiments.data.LongTailSplit} chooses the training and development images.
 *   <li>{@link io.eider.experiments.data.TrainBatches}, {@link io.eider.experiments.data.DevelopmentBatches} and {@link
 *       io.eider.experiments.data.EvaluationBatches} say which images, how augmented, make up batch number {@code i};
 *       {@link io.eider.experiments.data.BatchStream} assembles them ahead of time on another thread.
 * </ol>
 *
 * <p>All chance comes from {@link io.eider.experiments.data.CounterRandom}: a draw is a pure function of a seed, the name of
 * its purpose and a counter. So batch {@code i} is the same whatever was done before it, which makes a resumed run repeat the
 * bits of one that was never stopped. Nothing here knows of tensors.
 */
package io.eider.experiments.data;
